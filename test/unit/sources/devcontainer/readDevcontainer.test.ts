import assert from 'node:assert/strict';
import { readDevcontainer, type Declaration } from '../../../../src/sources/devcontainer/readDevcontainer.js';
import { foldOptions, type FoldedOptions } from '../../../../src/sources/options/fold.js';
import { excerpt } from '../excerpt.js';

const FILE = '.devcontainer/devcontainer.json';

interface Read extends Declaration {
  /** What runArgs comes to. */
  readonly run: FoldedOptions;
  /** What all other properties come to. */
  readonly metadata: FoldedOptions;
}

function read(value: unknown): Read {
  const declaration = readDevcontainer(typeof value === 'string' ? value : JSON.stringify(value), FILE);
  return { ...declaration, run: foldOptions(declaration.runArgs), metadata: foldOptions(declaration.options) };
}

function problems(value: unknown): string[] {
  return read(value).problems.map((p) => p.kind);
}

suite('sources/devcontainer', () => {
  suite('definition', () => {
    test('an image, at name and value', () => {
      const text = '{\n\t"image": "debian:12", // the base\n}';
      const { definition, problems } = read(text);
      assert.equal(definition.kind === 'image' && definition.image, 'debian:12');
      assert.equal(excerpt(text, definition.place), '"image": "debian:12"');
      assert.deepEqual(problems, []);
    });

    test('build on one line, at name and value', () => {
      const text = '{ "build": { "dockerfile": "D", "target": "dev", "args": { "V": "12" } } }';
      const { definition } = read(text);
      assert.ok(definition.kind === 'dockerfile');
      assert.deepEqual([definition.path, definition.target, definition.args], ['D', 'dev', { V: '12' }]);
      assert.equal(excerpt(text, definition.place), text.slice(2, -2));
      assert.equal(excerpt(text, definition.pathPlace), '"D"');
    });

    test('build over several lines, at its name', () => {
      const text = '{\r\n\t"build": {\r\n\t\t"dockerfile": "D"\r\n\t}\r\n}';
      assert.equal(excerpt(text, read(text).definition.place), '"build"');
    });

    test('the old dockerFile wins over build.dockerfile, as in the dev container CLI', () => {
      const { definition } = read({ dockerFile: 'old', context: '..', build: { dockerfile: 'new', target: 't' } });
      assert.ok(definition.kind === 'dockerfile');
      assert.deepEqual([definition.path, definition.target], ['old', 't']);
    });

    test('Compose wins over a Dockerfile, and a Dockerfile over an image', () => {
      assert.equal(read({ dockerComposeFile: 'c.yml', image: 'x', dockerFile: 'D' }).definition.kind, 'compose');
      assert.equal(read({ image: 'x', build: { dockerfile: 'D' } }).definition.kind, 'dockerfile');
      assert.equal(read({ image: 'x', build: { context: '.' } }).definition.kind, 'image');
    });

    test('variables: a default is taken, others are not known', () => {
      const { definition } = read({ build: { dockerfile: 'D', args: { A: '${localEnv:A:12}', B: '${localEnv:B}' } } });
      assert.deepEqual(definition.kind === 'dockerfile' && definition.args, { A: '12', B: undefined });
      const image = read({ image: 'debian:${localEnv:TAG:13}' }).definition;
      assert.equal(image.kind === 'image' && image.image, 'debian:13');
    });

    test('none is a problem at the opening brace', () => {
      const text = '// nothing\n{ "name": "x" }';
      const declaration = read(text);
      assert.equal(declaration.definition.kind, 'none');
      assert.match(declaration.problems[0]?.message ?? '', /names no image/);
      assert.equal(excerpt(text, declaration.problems[0]?.place), '{');
    });

    test('none is no further problem in half a file', () => {
      assert.deepEqual(problems('{ "name": "x", '), ['syntax']);
    });
  });

  suite('metadata', () => {
    test('reads what decides about the sandbox, with places', () => {
      const text = '{"image":"x","privileged":true,"capAdd":["cap_net_admin"],"securityOpt":["a=b"],"remoteUser":"me"}';
      const { metadata } = read(text);
      assert.deepEqual([metadata.privileged?.value, metadata.remoteUser?.value], [true, 'me']);
      assert.equal(excerpt(text, metadata.privileged?.places[0]), '"privileged":true');
      assert.equal(metadata.capAdd[0]?.value, 'NET_ADMIN');
      assert.equal(excerpt(text, metadata.capAdd[0].places[0]), '"cap_net_admin"');
      assert.equal(excerpt(text, metadata.securityOpt[0]?.places[0]), '"a=b"');
      assert.equal(excerpt(text, metadata.remoteUser?.places[0]), '"me"');
    });

    test('takes the last of two properties of one name, as JSON parsers do', () => {
      assert.equal(read('{"image":"x","remoteUser":"a","remoteUser":"b"}').metadata.remoteUser?.value, 'b');
    });

    test('does not know a user that depends on the machine', () => {
      const { remoteUser, containerUser } = read({
        image: 'x',
        remoteUser: '${localEnv:USER}',
        containerUser: '',
      }).metadata;
      assert.equal(remoteUser?.value, undefined);
      assert.equal(remoteUser?.why, '${localEnv:USER} depends on the machine');
      assert.equal(containerUser, undefined);
    });
  });

  suite('wrong types', () => {
    for (const [name, value, excerptOf] of [
      ['runArgs', '"x"', '"x"'],
      ['runArgs', '["--init", 3]', '3'],
      ['securityOpt', '{}', '{}'],
      ['privileged', '"true"', '"true"'],
      ['remoteUser', '[]', '[]'],
      ['image', '7', '7'],
      ['build', '"Dockerfile"', '"Dockerfile"'],
      ['features', '["go"]', '["go"]'],
      ['postCreateCommand', '4', '4'],
    ] as const) {
      test(`${name}: ${value} is a problem there, and the rest is judged`, () => {
        const definition = name === 'image' ? '"a": 1' : '"dockerFile": "D"';
        const text = `{ "${name}": ${value}, ${definition}, "containerUser": "me" }`;
        const declaration = read(text);
        const problem = declaration.problems.find((p) => p.kind === 'type' && !p.message.includes('names no image'));
        assert.equal(excerpt(text, problem?.place), excerptOf);
        assert.match(
          problem?.message ?? '',
          /^.+ is ignored: it has the wrong type\nWrite .+, not an? .+, or remove it\.$/,
        );
        assert.equal(declaration.metadata.containerUser?.value, 'me');
      });
    }

    test('a string for a list of capabilities or options is a problem, and its only element', () => {
      const declaration = read({ image: 'x', capAdd: 'SYS_ADMIN', securityOpt: 'seccomp=unconfined' });
      assert.deepEqual(
        declaration.problems.map((p) => p.kind),
        ['type', 'type'],
      );
      assert.equal(declaration.metadata.capAdd[0]?.value, 'SYS_ADMIN');
      assert.equal(declaration.metadata.securityOpt[0]?.value, 'seccomp=unconfined');
    });

    test('"privileged" of a wrong type is not known', () => {
      assert.equal(read({ image: 'x', privileged: 'true' }).metadata.privileged?.why, '"privileged" is a string');
    });

    test('a build argument that is no string is left out and a problem', () => {
      const { definition, problems } = read({ build: { dockerfile: 'D', args: { A: 12, B: 'b' } } });
      assert.deepEqual(definition.kind === 'dockerfile' && definition.args, { B: 'b' });
      assert.match(problems[0]?.message ?? '', /^The build argument "A" is ignored: .*\nWrite a string, not a number/);
      assert.deepEqual(read({ build: { dockerfile: 'D', args: { B: 'b' } } }).problems, []);
    });

    test('null is "not there"', () => {
      assert.deepEqual(problems({ image: 'x', runArgs: null, privileged: null, features: null, build: null }), []);
    });

    for (const [text, kind] of [
      ['[1, 2]', 'an array'],
      ['"x"', 'a string'],
      ['7', 'a number'],
      ['true', 'a boolean'],
      ['null', 'null'],
    ] as const) {
      test(`a file that is ${kind} is one problem at its start`, () => {
        const declaration = read(`  ${text}`);
        assert.deepEqual(
          declaration.problems.map((p) => p.kind),
          ['type'],
        );
        assert.ok(declaration.problems[0]?.message.includes(`it is ${kind}`));
        assert.deepEqual(declaration.problems[0]?.place.range.start, { line: 0, character: 2 });
        assert.equal(declaration.definition.kind, 'none');
      });
    }
  });

  suite('text that does not parse', () => {
    test('an empty file', () => {
      for (const text of ['', ' \n\t\n', '\n']) assert.deepEqual(problems(text), ['syntax']);
    });

    test('only a comment', () => {
      assert.deepEqual(problems('// soon'), ['syntax']);
    });

    test('half a file: the break is shown on the last character, and what stands before it is judged', () => {
      const text = '{\n  "image": "debian:12",\n  "runArgs": ["--privileged",\n';
      const declaration = read(text);
      assert.equal(declaration.run.privileged?.value, true);
      assert.deepEqual(
        declaration.problems.map((p) => p.kind),
        ['syntax'],
      );
      assert.equal(excerpt(text, declaration.problems[0]?.place), ',\n');
    });

    test('reports no more than three of many breaks', () => {
      assert.equal(problems(`{ "image": "x", "a": [${'@ '.repeat(50)}] }`).length, 3);
    });

    test('a megabyte of brackets', () => {
      for (const bracket of ['[', '{', '{"a":', '[{']) {
        const declaration = read(bracket.repeat((1024 * 1024) / bracket.length));
        assert.deepEqual(
          declaration.problems.map((p) => p.kind),
          ['syntax'],
        );
        assert.match(declaration.problems[0]?.message ?? '', /nests more than 200 brackets/);
      }
    });

    test('brackets inside strings and comments do not count', () => {
      assert.deepEqual(problems(`{ "image": "x", /* ${'['.repeat(300)} */ "name": "${'{'.repeat(300)}" }`), []);
    });
  });

  suite('ranges', () => {
    const layout = [
      '{',
      '\t// comment with "quotes"',
      '\t"image": "x",',
      '\t"runArgs": [',
      '\t\t"--cap-add",',
      '\t\t"KILL"',
      '\t],',
      '}',
    ];
    for (const [name, newline] of [
      ['LF', '\n'],
      ['CRLF', '\r\n'],
      ['CR', '\r'],
    ] as const) {
      test(`count lines and UTF-16 units in a ${name} file with tabs`, () => {
        const text = layout.join(newline);
        const [added] = read(text).run.capAdd;
        assert.deepEqual(added?.places[0]?.range, {
          start: { line: 4, character: 2 },
          end: { line: 5, character: 8 },
        });
      });
    }

    test('count characters beyond the basic plane as two', () => {
      const text = '{ "name": "😀", "image": "x" }';
      assert.deepEqual(read(text).definition.place.range.start, { line: 0, character: 16 });
      assert.equal(excerpt(text, read(text).definition.place), '"image": "x"');
    });
  });

  suite('lifecycle commands', () => {
    test('a string keeps the places of its parts, escapes counted in', () => {
      const text = String.raw`{"image":"x","postCreateCommand":"echo \"a\"\n\u0041 && apt-get install bubblewrap"}`;
      const [command] = read(text).lifecycle;
      const start = command?.script.indexOf('bubblewrap') ?? -1;
      assert.equal(excerpt(text, command?.placeOf(start, start + 'bubblewrap'.length)), 'bubblewrap');
      const quoted = command?.script.indexOf('"a"') ?? -1;
      assert.equal(excerpt(text, command?.placeOf(quoted, quoted + 3)), String.raw`\"a\"`);
      assert.equal(excerpt(text, command?.placeOf(0, command.script.length)), text.slice(34, -2));
    });

    test('an array of arguments is no shell script: what a shell would take apart is quoted', () => {
      const text = `{"image":"x","onCreateCommand":["apt-get", "install", "bubblewrap; it's"]}`;
      const [command] = read(text).lifecycle;
      assert.equal(command?.script, `apt-get install 'bubblewrap; it'\\''s'`);
      assert.equal(excerpt(text, command.placeOf(8, 15)), '"install"');
      assert.equal(excerpt(text, command.placeOf(0, 15)), '"apt-get", "install"');
    });

    test('an array that starts a shell is that script', () => {
      const text = `{"image":"x","postStartCommand":["/bin/bash","-lc","apk add bubblewrap"]}`;
      const [command] = read(text).lifecycle;
      assert.equal(command?.script, 'apk add bubblewrap');
      assert.equal(excerpt(text, command.placeOf(8, 18)), 'bubblewrap');
    });

    test('an object of both, in the order in which commands run; the host has its own', () => {
      const { lifecycle } = read({
        image: 'x',
        postAttachCommand: 'five',
        postCreateCommand: { a: 'three', b: ['four', 'x'] },
        updateContentCommand: 'two',
        onCreateCommand: 'one',
        initializeCommand: 'apt-get install bubblewrap',
      });
      assert.deepEqual(
        lifecycle.map((c) => c.script),
        ['one', 'two', 'three', 'four x', 'five'],
      );
    });

    test('an empty array is nothing that throws', () => {
      assert.equal(read({ image: 'x', postCreateCommand: [] }).lifecycle[0]?.placeOf(0, 0).file, FILE);
    });
  });

  test('reads tmpfs mounts in both spellings', () => {
    const { tmpfs } = read({
      image: 'x',
      mounts: ['type=tmpfs,target=/tmp', { type: 'tmpfs', target: '/run' }, { type: 'volume', target: '/v' }, 'a=b', 3],
    }).metadata;
    assert.deepEqual(
      tmpfs.map((t) => t.value),
      ['/tmp', '/run'],
    );
  });
});

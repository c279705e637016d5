import { CODEX_VERSION } from '../../model/agents/codex/versions.js';
import { HOST_NAMES, type HostName } from '../../model/host.js';
import { didYouMean } from '../../model/nearest.js';
import type { Place } from '../../model/place.js';
import { list } from '../../model/wordList.js';
import { kindOf, properties, property, stringOf, type JsonDocument, type Node, type Property } from '../text/jsonc.js';

/** The name under which devcontainer.json keeps what concerns this check (containers.dev, "customizations"). */
export const CHOICE_KEY = 'codex-sandbox-check';

/** The keys of a choice, and what each is for. */
export const CHOICE_KEYS = ['hosts', 'rules', 'codexVersion', 'sandbox'] as const;

/** How a choice says that there is to be no sandbox, and why. */
export const SANDBOX_OFF = /^off:\s*\S/;

/** What follows from a wrong value. */
export const IGNORED_VALUE = 'The check ignores this value.';

/** Something in a choice that cannot be used. */
export interface ChoiceFault {
  readonly place: Place;
  readonly headline: string;
  readonly details: readonly string[];
}

/** The level that a choice gives a rule, both as they are written: which rules there are is not known here. */
export interface ChosenLevel {
  readonly rule: string;
  readonly rulePlace: Place;
  /** undefined: it is no text. */
  readonly level: string | undefined;
  readonly levelPlace: Place;
}

/** What a repository says of how it is to be checked: `customizations.codex-sandbox-check` in devcontainer.json. */
export interface RepositoryChoice {
  /** Name and value together. */
  readonly place: Place;
  /** The hosts that the dev container must work on; undefined: it does not say. */
  readonly hosts: readonly HostName[] | undefined;
  readonly codexVersion: string | undefined;
  readonly levels: readonly ChosenLevel[];
  /** Codex's sandbox is off on purpose. */
  readonly sandboxOff: { readonly written: string; readonly reason: string; readonly place: Place } | undefined;
  readonly faults: readonly ChoiceFault[];
}

/** Reads the choice of a devcontainer.json; undefined: there is none. What is wrong in it is ignored and among its faults. */
export function readChoice(document: JsonDocument, root: Node): RepositoryChoice | undefined {
  const own = property(property(root, 'customizations')?.value, CHOICE_KEY);
  return own && new ChoiceReader(document).read(own);
}

class ChoiceReader {
  readonly #faults: ChoiceFault[] = [];

  constructor(private readonly document: JsonDocument) {}

  read(own: Property): RepositoryChoice {
    const { value } = own;
    if (value?.type !== 'object') this.#wrong(`"${CHOICE_KEY}"`, value ?? own.keyNode, 'an object');
    for (const { key, keyNode } of properties(value)) {
      if (!CHOICE_KEYS.some((known) => known === key)) this.#unknown(keyNode, key, 'a setting', CHOICE_KEYS);
    }
    return {
      place: this.document.place(own.node),
      hosts: this.#hosts(property(value, 'hosts')?.value),
      codexVersion: this.#codexVersion(property(value, 'codexVersion')?.value),
      levels: this.#levels(property(value, 'rules')?.value),
      sandboxOff: this.#sandbox(property(value, 'sandbox')?.value),
      faults: this.#faults,
    };
  }

  #hosts(node: Node | undefined): readonly HostName[] | undefined {
    if (!node) return undefined;
    if (node.type !== 'array') {
      this.#wrong('"hosts"', node, 'an array of host names');
      return undefined;
    }
    const hosts = (node.children ?? []).flatMap((child) => {
      const name = stringOf(child);
      const host = HOST_NAMES.find((one) => one === name);
      if (name === undefined) this.#wrong('An element of "hosts"', child, 'a host name');
      else if (!host) this.#unknown(child, name, 'a host', HOST_NAMES);
      return host ?? [];
    });
    return hosts.length > 0 ? [...new Set(hosts)] : undefined;
  }

  #codexVersion(node: Node | undefined): string | undefined {
    const version = stringOf(node);
    if (!node || (version !== undefined && CODEX_VERSION.test(version))) return version;
    this.#fault(node, '"codexVersion" is not a version of Codex', 'Write a version such as "0.169.0".', IGNORED_VALUE);
    return undefined;
  }

  #levels(node: Node | undefined): readonly ChosenLevel[] {
    if (node && node.type !== 'object') this.#wrong('"rules"', node, 'an object of rules and levels');
    return properties(node).map(({ key, keyNode, value }) => ({
      rule: key,
      rulePlace: this.document.place(keyNode),
      level: stringOf(value),
      levelPlace: this.document.place(value ?? keyNode),
    }));
  }

  #sandbox(node: Node | undefined): RepositoryChoice['sandboxOff'] {
    const text = stringOf(node);
    if (!node) return undefined;
    if (text !== undefined && SANDBOX_OFF.test(text)) {
      const reason = text.replace(/^off:\s*/, '').trim();
      return { written: `"sandbox": "${text}"`, reason, place: this.document.place(node) };
    }
    this.#fault(
      node,
      '"sandbox" does not say why the sandbox is off',
      'Write "off:" and the reason, such as "off: the container is the boundary".',
      'Remove "sandbox" to have the sandbox checked.',
    );
    return undefined;
  }

  #wrong(subject: string, node: Node, expected: string): void {
    this.#fault(node, `${subject} must be ${expected} and not ${kindOf(node)}`, IGNORED_VALUE);
  }

  #unknown(node: Node, name: string, what: string, known: readonly string[]): void {
    if (this.#faults.length < MOST_SUGGESTED) this.#fault(node, ...unknownName(name, what, known), IGNORED_VALUE);
    else this.#fault(node, notKnown(name, what), IGNORED_VALUE);
  }

  #fault(node: Node, headline: string, ...details: readonly string[]): void {
    this.#faults.push({ place: this.document.place(node), headline, details });
  }
}

/** Beyond it nobody reads what was meant, and to find it out costs time. */
const MOST_SUGGESTED = 20;

/** Longer names are cut in a headline. */
const MOST_SHOWN = 40;

/** What to say of a name that is not one of the known ones: the headline, then what to do. */
export function unknownName(
  name: string,
  what: string,
  known: readonly string[],
): readonly [headline: string, remedy: string] {
  return [
    notKnown(name, what),
    didYouMean(name, known).trim() || `Choose one of ${list(known.map((one) => `"${one}"`))}.`,
  ];
}

function notKnown(name: string, what: string): string {
  const shown = name.length > MOST_SHOWN ? `${name.slice(0, MOST_SHOWN)}…` : name;
  return `"${shown}" is not ${what} of this check`;
}

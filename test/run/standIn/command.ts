import { spawn } from 'node:child_process';

/** Runs a command to its end in a folder; throws with what it printed when it fails. */
export async function command(name: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(name, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${name} ${args.join(' ')} failed (${String(status)}):\n${output.trim()}`));
    });
  });
}

/** npm hands its own state down to what a script starts; another npm in another folder must not take it for its own. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_(local|global)_prefix)/.test(name)),
  );
}

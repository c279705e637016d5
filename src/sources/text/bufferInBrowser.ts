/** What dockerfile-ast asks of Node's Buffer, for the bundle that runs in a browser: the bytes of a text (esbuild.mjs injects it). */
export const Buffer = {
  from: (text: string): Uint8Array => new TextEncoder().encode(text),
};

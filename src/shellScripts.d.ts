/** The bundler turns an imported shell script into its text (esbuild.mjs, loader `text`). */
declare module '*.sh' {
  const text: string;
  export default text;
}

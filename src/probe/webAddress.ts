/** Whether it is an http or https address that programs take for nothing else: no blanks, no control characters. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[!-~]+$/.test(text) && URL.canParse(text);
}

/**
 * A folder to start programs in that always exists and holds nothing of the workspace. On Windows it is that of Windows itself,
 * which only administrators write to: `/` would be the root of the current drive, and so of the share that the workspace may be on.
 */
export function neutralFolder(platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? (process.env['SystemRoot'] ?? 'C:\\Windows') : '/';
}

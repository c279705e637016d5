/**
 * A folder to start programs in that always exists and contains nothing of the workspace. On Windows it is the folder of Windows
 * itself, which only administrators can write to: `/` would be the root of the current drive, perhaps the workspace's share.
 */
export function neutralFolder(platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? (process.env['SystemRoot'] ?? 'C:\\Windows') : '/';
}

import * as vscode from 'vscode';

/** A file of a workspace folder as the core names it: relative, with forward slashes; undefined for what lies elsewhere. */
export function relativePath(folder: vscode.Uri, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.scheme || uri.authority !== folder.authority) return undefined;
  const base = comparable(folder.path.endsWith('/') ? folder.path : `${folder.path}/`);
  return comparable(uri.path).startsWith(base) ? uri.path.slice(base.length) : undefined;
}

/** The letter of a Windows drive comes in both cases, from engines for instance; VS Code's own URIs have the small one. */
function comparable(path: string): string {
  return path.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase());
}

/** Whether something is the folder or lies in it. */
export function contains(folder: vscode.Uri, uri: vscode.Uri): boolean {
  return uri.toString() === folder.toString() || relativePath(folder, uri) !== undefined;
}

/** Where a file of a workspace folder is. */
export function uriOf(folder: vscode.Uri, file: string): vscode.Uri {
  return vscode.Uri.joinPath(folder, file);
}

/** The document of a file, where it is open. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const wanted = uri.toString();
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === wanted);
}

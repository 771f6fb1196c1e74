/** One hash of the names and contents of files and folders (paths inside the repository), and of extra texts. */
export function fingerprint(targets: string[], options?: { skip?: string[]; extra?: string[] }): string;

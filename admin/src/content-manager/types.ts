import type { ReactNode } from 'react';

/**
 * What the content manager passes and takes, as far as the plugin uses it: its types are not exported by all of the
 * versions that are supported.
 */
export interface EditViewProps {
  readonly documentId?: string;
  readonly document?: { readonly documentId?: string };
  readonly model: string;
}

export interface Panel {
  (props: EditViewProps): { title: string; content: ReactNode } | null;
}

export interface DocumentAction {
  (props: EditViewProps): object | null;
  position?: string | string[];
}

export interface ContentManagerApis {
  addEditViewSidePanel(panels: Panel[]): void;
  addDocumentAction(actions: DocumentAction[]): void;
}

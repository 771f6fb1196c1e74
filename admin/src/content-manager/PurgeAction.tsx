import { Trash } from '@strapi/icons';
import { useAccess } from '../hooks/useAccess';
import { usePurge } from '../hooks/usePurge';
import { useText } from '../hooks/useText';
import type { DocumentAction } from './types';

/** An entry in the menus of a document, in the list and in the edit view. */
export const PurgeAction: DocumentAction = ({ model, documentId, document }) => {
  const text = useText();
  const { canPurge } = useAccess();
  const { purge } = usePurge();
  const id = documentId ?? document?.documentId;
  if (!id || !canPurge) return null;
  return {
    label: text('action.purge'),
    icon: <Trash />,
    position: ['header', 'table-row'],
    variant: 'danger',
    onClick: async () => {
      await purge({ documents: [{ uid: model, documentId: id }] });
    },
  };
};
PurgeAction.position = ['header', 'table-row'];

import { useState } from 'react';
import { Button, Flex, Link, Typography } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import { NavLink } from 'react-router-dom';
import type { DocumentEntries } from '../../../server/src/contracts';
import { useAccess } from '../hooks/useAccess';
import { useFormats } from '../hooks/useFormats';
import { usePoll } from '../hooks/usePoll';
import { usePurge } from '../hooks/usePurge';
import { useText } from '../hooks/useText';
import { PLUGIN_ID } from '../pluginId';
import type { Panel } from './types';

const EVERY_MS = 10_000;
const SHOWN = 4;

interface ContentsProps {
  readonly uid: string;
  readonly documentId: string;
  readonly canPurge: boolean;
}

/** In which stored responses a document is, and a way to drop them. */
const Contents = ({ uid, documentId, canPurge }: ContentsProps) => {
  const text = useText();
  const formats = useFormats();
  const { purge, isPurging } = usePurge();
  const [path] = useState(() => `/documents/${encodeURIComponent(uid)}/${encodeURIComponent(documentId)}`);
  const { data, error, refresh } = usePoll<DocumentEntries>(path, EVERY_MS);
  if (!data)
    return <Typography textColor="neutral600">{text(error ? 'state.error' : 'state.loading')}</Typography>;
  const { entries, total, now } = data;
  if (total === 0) return <Typography textColor="neutral600">{text('panel.none')}</Typography>;
  return (
    <Flex direction="column" alignItems="stretch" gap={3} width="100%">
      <Typography>{text('panel.count', { count: total })}</Typography>
      <Flex tag="ul" direction="column" alignItems="stretch" gap={2}>
        {entries.slice(0, SHOWN).map((entry) => (
          <Flex key={entry.key} tag="li" direction="column" alignItems="stretch">
            <Typography variant="pi" fontWeight="semiBold" ellipsis title={entry.label}>
              {entry.label}
            </Typography>
            <Typography variant="pi" textColor="neutral600">
              {text('panel.entry', { ago: formats.ago(entry.storedAt, now), hits: entry.hits })}
            </Typography>
          </Flex>
        ))}
      </Flex>
      <Link tag={NavLink} to={`/plugins/${PLUGIN_ID}?tab=entries&search=${encodeURIComponent(uid)}`}>
        {text('panel.all')}
      </Link>
      {canPurge && (
        <Button
          variant="danger-light"
          startIcon={<Trash />}
          fullWidth
          loading={isPurging}
          onClick={() => void purge({ documents: [{ uid, documentId }] }).then(refresh)}
        >
          {text('panel.purge')}
        </Button>
      )}
    </Flex>
  );
};

/** The side panel of the edit view. */
export const CachePanel: Panel = ({ model, documentId }) => {
  const text = useText();
  const { canRead, canPurge } = useAccess();
  if (!documentId || !canRead) return null;
  const content = <Contents key={documentId} uid={model} documentId={documentId} canPurge={canPurge} />;
  return { title: text('panel.title'), content };
};

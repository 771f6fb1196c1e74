import { useState } from 'react';
import { Button, Field, Flex, Modal, SingleSelect, SingleSelectOption } from '@strapi/design-system';
import { Trash } from '@strapi/icons';
import type { PurgeTarget } from '../../../../server/src/contracts';
import { usePoll } from '../../hooks/usePoll';
import { usePurge } from '../../hooks/usePurge';
import { useText } from '../../hooks/useText';
import { ConfirmPurge } from './ConfirmPurge';
import { PreviewBox } from './PreviewBox';
import { isLarge, KINDS, NOTHING, requestOf, type Target } from './target';
import { TargetFields } from './TargetFields';
import { usePreview } from './usePreview';

interface PurgeDialogProps {
  readonly onClose: () => void;
  readonly onPurged: () => void;
}

/** Choose what to purge, see what would go, and purge it. */
export const PurgeDialog = ({ onClose, onPurged }: PurgeDialogProps) => {
  const text = useText();
  const [target, setTarget] = useState<Target>(NOTHING);
  const [confirming, setConfirming] = useState(false);
  const types = usePoll<readonly PurgeTarget[]>('/targets', 0).data ?? [];
  const { purge, preview: ask, isPurging } = usePurge();
  const request = requestOf(target);
  const { preview, error } = usePreview(request, ask);
  const go = async (): Promise<void> => {
    if (!request || !(await purge(request))) return;
    onPurged();
    onClose();
  };
  return (
    <Modal.Root open onOpenChange={(open) => !open && onClose()}>
      <Modal.Content>
        <Modal.Header closeLabel={text('common.close')}>
          <Modal.Title>{text('purge.title')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={4}>
            <Field.Root name="kind" width="100%">
              <Field.Label>{text('purge.kind')}</Field.Label>
              <SingleSelect
                value={target.kind}
                onChange={(value) =>
                  setTarget({ ...target, kind: KINDS.find((it) => it === value) ?? target.kind })
                }
              >
                {KINDS.map((kind) => (
                  <SingleSelectOption key={kind} value={kind}>
                    {text(`purge.kind.${kind}`)}
                  </SingleSelectOption>
                ))}
              </SingleSelect>
            </Field.Root>
            <TargetFields
              target={target}
              types={types}
              error={error}
              onChange={(change) => setTarget({ ...target, ...change })}
            />
            <PreviewBox preview={preview} />
          </Flex>
        </Modal.Body>
        <Modal.Footer>
          <Button variant="tertiary" onClick={onClose}>
            {text('common.cancel')}
          </Button>
          <Button
            variant="danger"
            startIcon={<Trash />}
            disabled={!preview}
            loading={isPurging}
            onClick={() => (preview && isLarge(target, preview.entries) ? setConfirming(true) : void go())}
          >
            {text('purge.action')}
          </Button>
        </Modal.Footer>
        <ConfirmPurge
          open={confirming}
          count={preview?.entries ?? 0}
          all={target.kind === 'all'}
          onClose={() => setConfirming(false)}
          onConfirm={() => void go()}
        />
      </Modal.Content>
    </Modal.Root>
  );
};

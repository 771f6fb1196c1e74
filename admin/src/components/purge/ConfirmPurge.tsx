import { Button, Dialog } from '@strapi/design-system';
import { WarningCircle } from '@strapi/icons';
import { useText } from '../../hooks/useText';

interface ConfirmPurgeProps {
  readonly open: boolean;
  readonly count: number;
  readonly all: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** The second question before a large purge: until the cache is warm again, every request reaches the database. */
export const ConfirmPurge = ({ open, count, all, onClose, onConfirm }: ConfirmPurgeProps) => {
  const text = useText();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Content>
        <Dialog.Header>{text('confirm.title')}</Dialog.Header>
        <Dialog.Body icon={<WarningCircle width="24px" height="24px" fill="danger600" />}>
          {text(all ? 'confirm.all' : 'confirm.many', { count })}
        </Dialog.Body>
        <Dialog.Footer>
          <Dialog.Cancel>
            <Button fullWidth variant="tertiary">
              {text('common.cancel')}
            </Button>
          </Dialog.Cancel>
          <Dialog.Action>
            <Button fullWidth variant="danger-light" onClick={onConfirm}>
              {text('purge.action')}
            </Button>
          </Dialog.Action>
        </Dialog.Footer>
      </Dialog.Content>
    </Dialog.Root>
  );
};

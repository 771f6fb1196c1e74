import { Button, Table, Tbody, Td, Th, Thead, Tr, Typography, VisuallyHidden } from '@strapi/design-system';
import { useAPIErrorHandler, useFetchClient, useNotification } from '@strapi/strapi/admin';
import type { PolicyListed } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { PLUGIN_ID } from '../../pluginId';

interface LimitedTableProps {
  readonly policy: PolicyListed;
  readonly now: number;
  readonly canReset: boolean;
  readonly onReset: () => void;
}

/** Whom a policy refused most, masked, and a way to let them in again. */
export const LimitedTable = ({ policy, now, canReset, onReset }: LimitedTableProps) => {
  const text = useText();
  const formats = useFormats();
  const { post } = useFetchClient();
  const { toggleNotification } = useNotification();
  const { formatAPIError } = useAPIErrorHandler();
  const reset = async (id: string): Promise<void> => {
    try {
      await post(`/${PLUGIN_ID}/rate-limits/reset`, { policy: policy.name, id });
      toggleNotification({ type: 'success', message: text('limits.reset.done') });
      onReset();
    } catch (error) {
      const message = formatAPIError(error as Parameters<typeof formatAPIError>[0]);
      toggleNotification({ type: 'danger', message });
    }
  };
  const heads = (['partition', 'count', 'last'] as const).map((it) => text(`limits.${it}`));
  return (
    <Table colCount={4} rowCount={policy.top.length + 1}>
      <Thead>
        <Tr>
          {heads.map((head) => (
            <Th key={head}>
              <Typography variant="sigma" textColor="neutral600">
                {head}
              </Typography>
            </Th>
          ))}
          <Th>
            <VisuallyHidden>{text('entries.actions')}</VisuallyHidden>
          </Th>
        </Tr>
      </Thead>
      <Tbody>
        {policy.top.map(({ id, partition, count, lastAt, here }) => (
          <Tr key={id}>
            <Td>
              <Typography>{partition}</Typography>
            </Td>
            <Td>
              <Typography>{formats.count(count)}</Typography>
            </Td>
            <Td>
              <Typography>{formats.ago(lastAt, now)}</Typography>
            </Td>
            <Td>
              {canReset && here && (
                <Button size="S" variant="tertiary" onClick={() => void reset(id)}>
                  {text('limits.reset')}
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
};

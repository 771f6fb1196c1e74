import { Divider, Flex, Typography } from '@strapi/design-system';
import type { ReasonCounts } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { isTextId, useText } from '../../hooks/useText';

interface ReasonsProps {
  readonly title: string;
  readonly counts: ReasonCounts;
  /** Of the texts that say what a reason means; one without a text stands for itself. */
  readonly prefix: string;
}

const SHOWN = 4;

/** The reasons that were given most, with how often. They are counted since the start. */
export const Reasons = ({ title, counts, prefix }: ReasonsProps) => {
  const text = useText();
  const formats = useFormats();
  const most = Object.entries(counts)
    .sort((a, b) => b[1] - a[1])
    .slice(0, SHOWN);
  if (most.length === 0) return null;
  return (
    <>
      <Divider />
      <Typography variant="sigma" tag="h3" textColor="neutral600">
        {title}
      </Typography>
      <Flex direction="column" alignItems="stretch" gap={2} tag="ul">
        {most.map(([reason, count]) => {
          const id = `${prefix}.${reason}`;
          return (
            <Flex key={reason} tag="li" justifyContent="space-between" gap={2}>
              <Typography variant="pi">{isTextId(id) ? text(id) : reason}</Typography>
              <Typography variant="pi" textColor="neutral600">
                {formats.count(count)}
              </Typography>
            </Flex>
          );
        })}
      </Flex>
    </>
  );
};

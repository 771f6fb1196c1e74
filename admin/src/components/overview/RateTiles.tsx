import { Box, Flex, Typography } from '@strapi/design-system';
import { styled } from 'styled-components';
import type { Period, StatsSummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Columns } from '../Columns';

const PERIODS: readonly Period[] = ['1h', '24h', '7d'];

const Tile = styled(Box)`
  text-align: left;
  width: 100%;
  cursor: ${({ tag }) => (tag === 'button' ? 'pointer' : 'default')};
`;

interface RateTilesProps {
  readonly rates: StatsSummary['rates'];
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
}

/** The hit rate now and over each period; a period's tile chooses what the rest of the page is about. */
export const RateTiles = ({ rates, period, onPeriod }: RateTilesProps) => {
  const text = useText();
  const formats = useFormats();
  const inner = (of: 'now' | Period, active: boolean) => (
    <Flex direction="column" alignItems="flex-start" gap={1}>
      <Typography variant="pi" textColor={active ? 'primary700' : 'neutral600'}>
        {text(`rate.${of}`)}
      </Typography>
      <Typography
        variant="alpha"
        textColor={active ? 'primary700' : 'neutral800'}
        style={{ fontVariantNumeric: 'tabular-nums' }}
      >
        {formats.percent(rates[of].hitRate)}
      </Typography>
      <Typography variant="pi" textColor={active ? 'primary700' : 'neutral600'}>
        {text('rate.requests', { count: rates[of].requests })}
      </Typography>
    </Flex>
  );
  return (
    <Columns $least={150} role="group" aria-label={text('rate.title')}>
      <Tile background="neutral0" borderColor="neutral150" hasRadius shadow="tableShadow" padding={4}>
        {inner('now', false)}
      </Tile>
      {PERIODS.map((it) => (
        <Tile
          key={it}
          tag="button"
          type="button"
          aria-pressed={it === period}
          onClick={() => onPeriod(it)}
          background={it === period ? 'primary100' : 'neutral0'}
          borderColor={it === period ? 'primary600' : 'neutral150'}
          hasRadius
          shadow="tableShadow"
          padding={4}
        >
          {inner(it, it === period)}
        </Tile>
      ))}
    </Columns>
  );
};

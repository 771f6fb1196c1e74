import type { StatsSummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { Columns } from '../Columns';
import { Figure } from '../Figure';

/** What the cache has been good for in a period. */
export const Savings = ({ stats: { totals, latency } }: { stats: StatsSummary }) => {
  const text = useText();
  const formats = useFormats();
  const tail = (of: 'hit' | 'fill'): string =>
    text('savings.tail', { p95: formats.span(latency[of].p95), p99: formats.span(latency[of].p99) });
  return (
    <Columns $least={160}>
      <Figure
        label={text('savings.time')}
        value={formats.span(totals.savedMs)}
        hint={text('savings.time.hint')}
      />
      <Figure
        label={text('savings.reads')}
        value={formats.compact(totals.savedReads)}
        hint={text('savings.reads.hint', { bytes: formats.bytes(totals.bytes) })}
      />
      <Figure label={text('savings.hit')} value={formats.span(latency.hit.p50)} hint={tail('hit')} />
      <Figure label={text('savings.fill')} value={formats.span(latency.fill.p50)} hint={tail('fill')} />
    </Columns>
  );
};

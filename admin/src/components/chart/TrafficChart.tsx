import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { styled } from 'styled-components';
import type { Period, StatsSummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { useWidth } from '../../hooks/useWidth';
import { ChartAxes } from './ChartAxes';
import { useColour } from './colours';
import { PointDetails } from './PointDetails';
import { RatePanel } from './RatePanel';
import { RequestsPanel } from './RequestsPanel';
import { asked, niceCeiling } from './scale';

const LEFT = 48;
const RATE = { top: 10, height: 190 };
const REQUESTS = { top: 226, height: 90 };
const HEIGHT = 344;

const Frame = styled.div`
  position: relative;
  height: ${HEIGHT}px;

  svg:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: 4px;
  }
`;

/** Hit rate above, requests by outcome beneath; pointer and arrow keys show the numbers of a point. */
export const TrafficChart = ({ chart, period }: { chart: StatsSummary['chart']; period: Period }) => {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [cursor, setCursor] = useState<number | null>(null);
  const text = useText();
  const formats = useFormats();
  const colour = useColour();
  const { points } = chart;
  const inner = Math.max(1, width - LEFT);
  const most = niceCeiling(Math.max(...points.map((it) => asked(it) + it.bypasses)));
  const titleOf = (at: number): string =>
    period === '7d' ? `${formats.weekday(at)}, ${formats.time(at)}` : formats.time(at);
  const at = (index: number): number => LEFT + ((index + 0.5) * inner) / points.length;
  const shown = cursor === null ? undefined : points[cursor];

  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT;
    const index = Math.floor((x / inner) * points.length);
    setCursor(index >= 0 && index < points.length ? index : null);
  };
  const step = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (event.key === 'Escape') setCursor(null);
    if (by === 0) return;
    event.preventDefault();
    setCursor(Math.min(points.length - 1, Math.max(0, (cursor ?? points.length) + by)));
  };
  const hits = points.reduce((sum, it) => sum + it.hits + it.stale, 0);
  const requests = points.reduce((sum, it) => sum + asked(it), 0);

  return (
    <Frame ref={frame}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          tabIndex={0}
          aria-label={text('chart.label', {
            hits,
            requests,
            rate: formats.percent(requests ? hits / requests : null),
          })}
          onPointerMove={point}
          onPointerLeave={() => setCursor(null)}
          onKeyDown={step}
          onBlur={() => setCursor(null)}
        >
          <ChartAxes
            {...{ points, most, left: LEFT, width: inner, rate: RATE, requests: REQUESTS }}
            titleOf={period === '7d' ? formats.weekday : formats.time}
          />
          <RatePanel points={points} left={LEFT} width={inner} {...RATE} />
          <RequestsPanel points={points} most={most} left={LEFT} width={inner} {...REQUESTS} />
          {cursor !== null && (
            <line
              x1={at(cursor)}
              x2={at(cursor)}
              y1={RATE.top}
              y2={REQUESTS.top + REQUESTS.height}
              stroke={colour('neutral500')}
              strokeDasharray="3 3"
            />
          )}
        </svg>
      )}
      <div aria-live="polite">
        {shown && cursor !== null && (
          <PointDetails point={shown} title={titleOf(shown.at)} at={at(cursor)} width={width} />
        )}
      </div>
    </Frame>
  );
};

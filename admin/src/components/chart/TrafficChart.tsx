import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { styled } from 'styled-components';
import type { Period, StatsSummary } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { useSize } from '../../hooks/useSize';
import { ChartAxes } from './ChartAxes';
import { outcomesOf, useColour } from './colours';
import { PointDetails } from './PointDetails';
import { RatePanel } from './RatePanel';
import { RequestsPanel } from './RequestsPanel';
import { asked, niceCeiling } from './scale';

const LEFT = 48;
const TOP = 10;
/** Between the panels, and beneath them for the labels of the axis. */
const GAP = 26;
const BOTTOM = 28;
const LEAST_HEIGHT = 344;
const MOST_HEIGHT = 520;
/** What the hit rate takes of the height of both panels. */
const RATE_SHARE = 0.68;

const Frame = styled.div`
  position: relative;
  height: 100%;
  min-height: ${LEAST_HEIGHT}px;

  svg {
    position: absolute;
  }

  svg:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: 4px;
  }
`;

/** Hit rate above, requests by outcome beneath; pointer and arrow keys show the numbers of a point. */
export const TrafficChart = ({ chart, period }: { chart: StatsSummary['chart']; period: Period }) => {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height: room } = useSize(frame);
  const height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, room));
  const panels = height - TOP - GAP - BOTTOM;
  const rate = { top: TOP, height: Math.round(panels * RATE_SHARE) };
  const counts = { top: TOP + rate.height + GAP, height: panels - rate.height };
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
  const outcomes = outcomesOf({
    hits: 1,
    stale: Math.max(...points.map((it) => it.stale)),
    misses: 1,
    bypasses: 1,
  });
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
          height={height}
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
            {...{ points, most, left: LEFT, width: inner, rate, requests: counts }}
            titleOf={period === '7d' ? formats.weekday : formats.time}
          />
          <RatePanel points={points} left={LEFT} width={inner} {...rate} />
          <RequestsPanel points={points} most={most} left={LEFT} width={inner} {...counts} />
          {cursor !== null && (
            <line
              x1={at(cursor)}
              x2={at(cursor)}
              y1={rate.top}
              y2={counts.top + counts.height}
              stroke={colour('neutral500')}
              strokeDasharray="3 3"
            />
          )}
        </svg>
      )}
      <div aria-live="polite">
        {shown && cursor !== null && (
          <PointDetails
            point={shown}
            outcomes={outcomes}
            title={titleOf(shown.at)}
            at={at(cursor)}
            width={width}
          />
        )}
      </div>
    </Frame>
  );
};

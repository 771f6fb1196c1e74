import type { ChartPoint } from '../../../../server/src/contracts';
import { OUTCOME_COLOURS, OUTCOMES, useColour } from './colours';

interface PanelProps {
  readonly points: readonly ChartPoint[];
  /** What the full height stands for. */
  readonly most: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Requests of each span of time, by outcome, on top of each other. */
export const RequestsPanel = ({ points, most, left, top, width, height }: PanelProps) => {
  const colour = useColour();
  const step = width / points.length;
  const bar = Math.max(1, Math.min(28, step * 0.7));
  return (
    <g>
      {points.map((point, index) => {
        let bottom = top + height;
        return (
          <g key={point.at}>
            {OUTCOMES.map((outcome) => {
              const tall = (point[outcome] / most) * height;
              if (tall === 0) return null;
              bottom -= tall;
              return (
                <rect
                  key={outcome}
                  x={left + (index + 0.5) * step - bar / 2}
                  y={bottom}
                  width={bar}
                  height={tall}
                  fill={colour(OUTCOME_COLOURS[outcome])}
                />
              );
            })}
          </g>
        );
      })}
    </g>
  );
};

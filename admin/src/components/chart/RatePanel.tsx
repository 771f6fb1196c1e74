import type { ChartPoint } from '../../../../server/src/contracts';
import { useColour } from './colours';
import { rateOf, stretches } from './scale';

interface PanelProps {
  readonly points: readonly ChartPoint[];
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The hit rate as a line from 0 to 100 %, interrupted where nobody asked. */
export const RatePanel = ({ points, left, top, width, height }: PanelProps) => {
  const colour = useColour();
  const step = width / points.length;
  const x = (index: number): number => left + (index + 0.5) * step;
  const y = (rate: number): number => top + (1 - rate) * height;
  return (
    <g>
      {stretches(points.map(rateOf)).map((stretch) => {
        const first = stretch[0]?.index ?? 0;
        const last = stretch.at(-1)?.index ?? 0;
        const line = stretch.map(({ index, value }) => `${x(index)},${y(value)}`).join(' L');
        if (first === last)
          return (
            <circle
              key={first}
              cx={x(first)}
              cy={y(stretch[0]?.value ?? 0)}
              r={3}
              fill={colour('primary600')}
            />
          );
        return (
          <g key={first}>
            <path
              d={`M${x(first)},${top + height} L${line} L${x(last)},${top + height} Z`}
              fill={colour('primary600')}
              opacity={0.12}
            />
            <path
              d={`M${line}`}
              fill="none"
              stroke={colour('primary600')}
              strokeWidth={2}
              strokeLinejoin="round"
            />
          </g>
        );
      })}
    </g>
  );
};

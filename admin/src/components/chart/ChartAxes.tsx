import type { ChartPoint } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useColour } from './colours';
import { labelled } from './scale';

interface Panel {
  readonly top: number;
  readonly height: number;
}

interface ChartAxesProps {
  readonly points: readonly ChartPoint[];
  readonly most: number;
  readonly left: number;
  readonly width: number;
  readonly rate: Panel;
  readonly requests: Panel;
  readonly titleOf: (at: number) => string;
}

/** Room that a label under the axis takes, pixels. */
const LABEL = 64;

/** Lines and labels of both panels. */
export const ChartAxes = ({ points, most, left, width, rate, requests, titleOf }: ChartAxesProps) => {
  const formats = useFormats();
  const colour = useColour();
  const label = { fill: colour('neutral600'), fontSize: 11 };
  const lines = [
    ...[0, 0.5, 1].map((share) => ({
      y: rate.top + (1 - share) * rate.height,
      text: formats.wholePercent(share),
    })),
    ...[0, 1].map((share) => ({
      y: requests.top + (1 - share) * requests.height,
      text: formats.compact(share * most),
    })),
  ];
  const marks = labelled(points, Math.max(1, Math.floor(width / LABEL)));
  return (
    <g aria-hidden>
      {lines.map(({ y, text }) => (
        <g key={y}>
          <line x1={left} x2={left + width} y1={y} y2={y} stroke={colour('neutral150')} />
          <text x={left - 8} y={y + 4} textAnchor="end" {...label}>
            {text}
          </text>
        </g>
      ))}
      {points.map(({ at }, index) => {
        const x = left + ((index + 0.5) * width) / points.length;
        if (!marks.has(index) || x > left + width - LABEL / 2) return null;
        return (
          <text key={at} x={x} y={requests.top + requests.height + 18} textAnchor="middle" {...label}>
            {titleOf(at)}
          </text>
        );
      })}
    </g>
  );
};

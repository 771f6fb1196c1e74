import { Box, Flex, Typography } from '@strapi/design-system';
import type { ChartPoint } from '../../../../server/src/contracts';
import { useFormats } from '../../hooks/useFormats';
import { useText } from '../../hooks/useText';
import { OUTCOME_COLOURS, type OutcomeName } from './colours';
import { Swatch } from './Legend';
import { rateOf } from './scale';

interface PointDetailsProps {
  readonly point: ChartPoint;
  readonly outcomes: readonly OutcomeName[];
  readonly title: string;
  /** Pixels from the left edge, and how wide the chart is. */
  readonly at: number;
  readonly width: number;
}

const WIDTH = 180;

/** The numbers of one point of the chart, beside the cursor. */
export const PointDetails = ({ point, outcomes, title, at, width }: PointDetailsProps) => {
  const text = useText();
  const formats = useFormats();
  const left = at + 12 + WIDTH > width ? at - 12 - WIDTH : at + 12;
  return (
    <Box
      background="neutral0"
      borderColor="neutral150"
      hasRadius
      shadow="popupShadow"
      padding={3}
      style={{ position: 'absolute', top: 8, left: Math.max(0, left), width: WIDTH, pointerEvents: 'none' }}
    >
      <Flex direction="column" alignItems="stretch" gap={1}>
        <Typography variant="pi" fontWeight="bold">
          {title}
        </Typography>
        <Flex justifyContent="space-between">
          <Typography variant="pi">{text('chart.hitRate')}</Typography>
          <Typography variant="pi" fontWeight="bold">
            {formats.percent(rateOf(point))}
          </Typography>
        </Flex>
        {outcomes.map((outcome) => (
          <Flex key={outcome} justifyContent="space-between">
            <Flex gap={2}>
              <Swatch colour={OUTCOME_COLOURS[outcome]} />
              <Typography variant="pi">{text(`outcome.${outcome}`)}</Typography>
            </Flex>
            <Typography variant="pi">{formats.count(point[outcome])}</Typography>
          </Flex>
        ))}
      </Flex>
    </Box>
  );
};

import { Box, Flex, Typography } from '@strapi/design-system';
import { useText } from '../../hooks/useText';
import { OUTCOME_COLOURS, type OutcomeName } from './colours';

export const Swatch = ({ colour }: { colour: string }) => (
  <Box background={colour} style={{ width: 10, height: 10, borderRadius: 2, flex: 'none' }} aria-hidden />
);

/** Which colour stands for which outcome. */
export const Legend = ({ outcomes }: { outcomes: readonly OutcomeName[] }) => {
  const text = useText();
  return (
    <Flex gap={4} wrap="wrap">
      {outcomes.map((outcome) => (
        <Flex key={outcome} gap={2}>
          <Swatch colour={OUTCOME_COLOURS[outcome]} />
          <Typography variant="pi" textColor="neutral600">
            {text(`outcome.${outcome}`)}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
};

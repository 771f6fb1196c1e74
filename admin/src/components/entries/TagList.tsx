import { useState } from 'react';
import { Button, Flex, Typography } from '@strapi/design-system';
import { styled } from 'styled-components';
import { useText } from '../../hooks/useText';

const Code = styled.code`
  font-size: 1.2rem;
  line-height: 1.6;
  overflow-wrap: anywhere;
`;

const FIRST = 30;

/** Tags as they are: what `purge` and `explain` call them. */
export const TagList = ({ tags }: { tags: readonly string[] }) => {
  const text = useText();
  const [all, setAll] = useState(false);
  const shown = all ? tags : tags.slice(0, FIRST);
  return (
    <Flex direction="column" alignItems="flex-start" gap={2}>
      <Flex tag="ul" direction="column" alignItems="flex-start">
        {shown.map((tag) => (
          <li key={tag}>
            <Typography textColor="neutral700">
              <Code>{tag}</Code>
            </Typography>
          </li>
        ))}
      </Flex>
      {tags.length > shown.length && (
        <Button variant="tertiary" size="S" onClick={() => setAll(true)}>
          {text('tags.all', { count: tags.length })}
        </Button>
      )}
    </Flex>
  );
};

import { Badge, Typography } from '@strapi/design-system';
import { styled } from 'styled-components';

const List = styled.dl<{ $halves: boolean }>`
  display: grid;
  grid-template-columns: minmax(12rem, max-content) minmax(0, 1fr);
  gap: 8px 24px;
  align-items: baseline;
  margin: 0;

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }

  @media (min-width: 1280px) {
    ${({ $halves }) =>
      $halves && 'grid-template-columns: repeat(2, minmax(12rem, max-content) minmax(0, 1fr));'}
  }

  @media (max-width: 520px) {
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;

    dd {
      margin-bottom: 8px;
    }
  }
`;

export type Fact = readonly [name: string, value: string, note?: string];

interface FactsProps {
  readonly facts: readonly Fact[];
  /** Names are those of options. */
  readonly code?: boolean;
}

/** Names and values, some with a note. */
export const Facts = ({ facts, code = false }: FactsProps) => (
  <List $halves={code}>
    {facts.map((fact, index) => (
      // a header may come twice
      <FactPair key={`${fact[0]}${index}`} fact={fact} code={code} />
    ))}
  </List>
);

const FactPair = ({ fact: [name, value, note], code }: { fact: Fact; code: boolean }) => (
  <>
    <Typography tag="dt" variant="pi" textColor="neutral600" style={{ overflowWrap: 'anywhere' }}>
      {code ? <code>{name}</code> : name}
    </Typography>
    <Typography tag="dd">
      {value} {note ? <Badge marginLeft={2}>{note}</Badge> : null}
    </Typography>
  </>
);

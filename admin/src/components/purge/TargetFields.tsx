import { Field, SingleSelect, SingleSelectOption, TextInput } from '@strapi/design-system';
import type { PurgeTarget } from '../../../../server/src/contracts';
import { useText } from '../../hooks/useText';
import type { Target } from './target';

interface TargetFieldsProps {
  readonly target: Target;
  readonly types: readonly PurgeTarget[];
  readonly error: string | undefined;
  readonly onChange: (change: Partial<Target>) => void;
}

/** The fields that a kind of purge needs. */
export const TargetFields = ({ target, types, error, onChange }: TargetFieldsProps) => {
  const text = useText();
  const { kind } = target;
  const input = (name: 'documentId' | 'path' | 'tag') => (
    <Field.Root name={name} required hint={text(`purge.${name}.hint`)} error={error} width="100%">
      <Field.Label>{text(`purge.${name}`)}</Field.Label>
      <TextInput
        value={target[name]}
        placeholder={name === 'path' ? '/api/articles/**' : undefined}
        autoComplete="off"
        onChange={(event) => onChange({ [name]: event.target.value })}
      />
      <Field.Error />
      <Field.Hint />
    </Field.Root>
  );
  return (
    <>
      {(kind === 'type' || kind === 'document') && (
        <Field.Root name="type" required error={kind === 'type' ? error : undefined} width="100%">
          <Field.Label>{text('purge.type')}</Field.Label>
          <SingleSelect
            value={target.type}
            placeholder={text('purge.type.placeholder')}
            onChange={(value) => onChange({ type: String(value) })}
          >
            {types.map(({ uid, name, entries }) => (
              <SingleSelectOption key={uid} value={uid}>
                {text('purge.type.option', { name, count: entries })}
              </SingleSelectOption>
            ))}
          </SingleSelect>
          <Field.Error />
        </Field.Root>
      )}
      {kind === 'document' && input('documentId')}
      {kind === 'path' && input('path')}
      {kind === 'tag' && input('tag')}
    </>
  );
};

import { KeyMapForm } from '../annotate/keys/KeyMapForm.tsx';
import { Section } from './Section.tsx';

export function KeysSection() {
  return (
    <Section title="Keys of the Annotate desk">
      <KeyMapForm />
    </Section>
  );
}

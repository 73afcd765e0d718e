import { Button } from '@mantine/core';
import { KeyButton } from '../../components/KeyButton.tsx';
import { useProject } from '../../state/project.ts';
import css from './annotate.module.css';
import { useCap } from './keys/keyStore.ts';
import type { GuidelineTold } from './useGuidelineNews.ts';

interface Props {
  readonly news: GuidelineTold;
  readonly onShow: () => void;
}

/** Told once to everybody who labels: the guidelines are not as they were. */
export function GuidelineNews({ news, onShow }: Props) {
  const version = useProject()?.guidelines;
  const cap = useCap();
  if (news.since === null) return null;
  const note = version?.number === news.number ? version.note : '';
  return (
    <div className={css.news} role="status" aria-label="News of the guidelines">
      <span className="grow">
        <b>The guidelines have changed.</b> {note}
      </span>
      <KeyButton size="xs" keyName={cap('changes')} onClick={onShow}>
        What changed
      </KeyButton>
      <Button size="xs" variant="subtle" color="gray" onClick={news.close}>
        Close
      </Button>
    </div>
  );
}

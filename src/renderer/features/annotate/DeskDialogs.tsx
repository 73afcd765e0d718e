import type { AnnotationItem } from '#shared/entities.ts';
import { useIsOwner } from '../../state/me.ts';
import { TokenViewDialog } from '../tokens/TokenViewDialog.tsx';
import { KeysDialog } from './keys/KeysDialog.tsx';
import { QueueDialog } from './QueueDialog.tsx';
import { SessionDialog } from './SessionDialog.tsx';
import type { Counts } from './sessionView.ts';
import type { DeskPlace } from './useDeskPlace.ts';

export type DeskDialog = 'tokens' | 'order' | 'keys' | 'session';
interface Props {
  readonly item: AnnotationItem | undefined;
  readonly open: DeskDialog | null;
  readonly place: DeskPlace;
  readonly counts: Counts;
  readonly onClose: () => void;
}

export function DeskDialogs({ item, open, place, counts, onClose }: Props) {
  const isOwner = useIsOwner();
  const replies =
    item === undefined
      ? []
      : [
          { key: item.left.key, name: 'Left' },
          { key: item.right.key, name: 'Right' },
        ];
  return (
    <>
      <TokenViewDialog
        pairId={isOwner && open === 'tokens' && item !== undefined ? item.pairId : null}
        replies={replies}
        onClose={onClose}
      />
      {open === 'session' && <SessionDialog counts={counts} onClose={onClose} />}
      {open === 'keys' && <KeysDialog onClose={onClose} />}
      {isOwner && open === 'order' && <QueueDialog place={place} onClose={onClose} />}
    </>
  );
}

import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { AnnotationItem } from '#shared/entities.ts';
import { failureOf } from '../../api/failureOf.ts';
import { FailureCard } from '../../components/FailureCard.tsx';
import { Keycap } from '../../components/Keycap.tsx';
import { notifyDone } from '../../components/notify.tsx';
import css from './annotate.module.css';
import { writeReply } from './annotationStore.ts';
import { replyDraft, setReplyDraft, useDrafts, type Written } from './deskDrafts.ts';

interface Props {
  readonly item: AnnotationItem;
  readonly what: Written;
  readonly onClose: () => void;
}

/** A reply being written: one of the two as it should have been, or a third. What is typed is kept until it is saved. */
export function ReplyEditor({ item, what, onClose }: Props) {
  const { pairId, left, right } = item;
  const original = what === 'third' ? '' : (left.key === what ? left : right).text;
  const text = useDrafts((drafts) => replyDraft(drafts, pairId, what)) ?? original;
  // One attempt and those that repeat it are one reply.
  const [requestId] = useState(() => crypto.randomUUID());
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const save = async () => {
    setSaving(true);
    setFailure(null);
    try {
      await writeReply({ pairId, text, requestId, over: what === 'third' ? ['a', 'b'] : [what] });
      setReplyDraft(pairId, what, null);
      notifyDone(
        what === 'third'
          ? 'Your reply is stored, chosen over both.'
          : 'Your edit is stored as a reply of its own, chosen over the original.',
      );
      onClose();
    } catch (error) {
      setFailure(failureOf(error));
      setSaving(false);
    }
  };
  const discard = () => {
    setReplyDraft(pairId, what, null);
    onClose();
  };
  return (
    <div className={css.editor}>
      <Textarea
        aria-label={
          what === 'third' ? 'A third reply' : `${left.key === what ? 'Left' : 'Right'} reply, edited`
        }
        data-autofocus
        autoFocus
        autosize
        minRows={what === 'third' ? 3 : 6}
        maxRows={what === 'third' ? 8 : 24}
        value={text}
        disabled={saving}
        onChange={(event) => setReplyDraft(pairId, what, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {failure !== null && <FailureCard failure={failure} />}
      <div className="row">
        <span className="small muted grow">
          {what === 'third'
            ? 'Stored as a reply of its own, chosen over both.'
            : 'Stored as a reply of its own, chosen over the original, which stays.'}
        </span>
        <Button size="xs" onClick={discard} disabled={saving}>
          Discard
        </Button>
        <Button
          size="xs"
          variant="filled"
          loading={saving}
          rightSection={<Keycap>Ctrl ↵</Keycap>}
          onClick={() => void save()}
        >
          Save
        </Button>
      </div>
    </div>
  );
}

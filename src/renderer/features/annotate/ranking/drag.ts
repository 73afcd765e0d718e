import type { DragEvent } from 'react';
import { useState } from 'react';

/** What is dragged is a reply: other things that are dropped here are nothing of ours. */
const TYPE = 'application/x-facet-reply';

export const dragged = (id: number) => ({
  draggable: true,
  onDragStart: (event: DragEvent) => {
    event.dataTransfer.setData(TYPE, String(id));
    event.dataTransfer.effectAllowed = 'move';
  },
});

/** A place that takes a reply; `data-over` while one is above it. */
export function useDrop(take: (id: number) => void) {
  const [isOver, setOver] = useState(false);
  return {
    'data-over': isOver || undefined,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(TYPE)) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const id = Number(event.dataTransfer.getData(TYPE));
      if (!Number.isInteger(id) || id === 0) return;
      event.preventDefault();
      event.stopPropagation();
      take(id);
    },
  };
}

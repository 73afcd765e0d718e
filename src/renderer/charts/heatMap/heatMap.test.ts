import { describe, expect, it } from 'vitest';
import { cellAtPoint } from './cells.ts';
import { moveCursor } from './cursor.ts';
import { groupOfRow, strongestCodes } from './data.ts';
import { layoutHeatMap, lineAt, lineOfRow } from './layout.ts';
import { panView, revealRow, wholeView, zoomView } from './view.ts';

const groupsOf = (...sizes: number[]) => {
  let start = 0;
  return sizes.map((rows, index) => {
    const group = { name: `source ${index}`, start, rows };
    start += rows;
    return group;
  });
};

it('orders a prompt’s codes by weight, then by number', () => {
  expect(strongestCodes([0.2, 0.4, 0.4], 2).map(({ code }) => code)).toEqual([1, 2]);
});

it('knows the group of a row', () => {
  const data = { codes: 2, rows: 3, groups: groupsOf(2, 1), largest: 1 };
  expect([0, 1, 2, 3].map((row) => groupOfRow(data, row))).toEqual(['source 0', 'source 0', 'source 1', '']);
});

describe('layoutHeatMap', () => {
  it('draws one prompt per line while there is room, and never taller than a line should be', () => {
    const layout = layoutHeatMap(groupsOf(3, 2), { from: 0, to: 5 }, 600);
    expect(layout.rowsPerLine).toBe(1);
    expect(layout.lines).toHaveLength(5);
    expect(layout.lines[0]!.height).toBe(16);
  });

  it('averages whole lines without mixing sources and without losing a prompt', () => {
    const groups = groupsOf(500, 301, 7);
    const layout = layoutHeatMap(groups, { from: 0, to: 808 }, 640);
    expect(layout.rowsPerLine).toBeGreaterThan(1);
    expect(layout.lines.reduce((sum, { rows }) => sum + rows, 0)).toBe(808);
    for (const { start, rows } of layout.lines) {
      const inside = groups.filter(
        (group) => start >= group.start && start + rows <= group.start + group.rows,
      );
      expect(inside).toHaveLength(1);
    }
    expect(layout.height).toBeLessThanOrEqual(640.001);
    expect(layout.bands.map(({ rows }) => rows)).toEqual([500, 301, 7]);
  });

  it('fits very many sources and shows only what the view holds', () => {
    const layout = layoutHeatMap(groupsOf(...new Array<number>(200).fill(5)), { from: 0, to: 1000 }, 400);
    expect(layout.bands).toHaveLength(200);
    expect(layout.height).toBeLessThanOrEqual(400.001);
    const part = layoutHeatMap(groupsOf(100, 100), { from: 95, to: 105 }, 400);
    expect(part.bands.map(({ name }) => name)).toEqual(['source 0', 'source 1']);
    expect(part.lines).toHaveLength(10);
  });

  it('has nothing to draw without rows or room', () => {
    expect(layoutHeatMap([], { from: 0, to: 0 }, 400).lines).toEqual([]);
    expect(layoutHeatMap(groupsOf(3), { from: 0, to: 3 }, 0).lines).toEqual([]);
  });
});

describe('lines', () => {
  it('finds the line under the pointer and none in a gap', () => {
    const layout = layoutHeatMap(groupsOf(2, 2), { from: 0, to: 4 }, 600);
    expect(lineAt(layout, 17)).toBe(1);
    expect(lineAt(layout, 35)).toBe(-1);
    expect(lineAt(layout, 43)).toBe(2);
    expect(lineAt(layout, 9999)).toBe(-1);
    expect(lineOfRow(layout, 3)).toBe(3);
    expect(lineOfRow(layout, 4)).toBe(-1);
  });
});

describe('view', () => {
  it('zooms about the row under the pointer and stops at a dozen rows', () => {
    const near = zoomView(wholeView(1000), 1000, 0.5, 250);
    expect(near).toEqual({ from: 125, to: 625 });
    let closest = near;
    for (let i = 0; i < 20; i++) closest = zoomView(closest, 1000, 0.5, 300);
    expect(closest.to - closest.from).toBe(12);
    expect(closest.from).toBeLessThanOrEqual(300);
    expect(closest.to).toBeGreaterThan(300);
  });

  it('never leaves the data', () => {
    expect(panView({ from: 10, to: 30 }, 100, 500)).toEqual({ from: 80, to: 100 });
    expect(panView({ from: 10, to: 30 }, 100, -500)).toEqual({ from: 0, to: 20 });
    expect(zoomView({ from: 80, to: 100 }, 100, 4, 99)).toEqual({ from: 20, to: 100 });
    expect(zoomView(wholeView(5), 5, 0.5, 2)).toEqual({ from: 0, to: 5 });
  });

  it('scrolls only as far as a row needs', () => {
    expect(revealRow({ from: 10, to: 30 }, 100, 30)).toEqual({ from: 11, to: 31 });
    expect(revealRow({ from: 10, to: 30 }, 100, 9)).toEqual({ from: 9, to: 29 });
    expect(revealRow({ from: 10, to: 30 }, 100, 20)).toEqual({ from: 10, to: 30 });
  });
});

describe('moveCursor', () => {
  const layout = layoutHeatMap(groupsOf(6, 4), { from: 0, to: 10 }, 600);
  const move = (row: number, column: number, key: string) => moveCursor({ row, column }, key, layout, 8, 10);

  it('stays inside the map', () => {
    expect(move(0, 0, 'ArrowLeft')).toEqual({ row: 0, column: 0 });
    expect(move(0, 7, 'ArrowRight')).toEqual({ row: 0, column: 7 });
    expect(move(9, 3, 'ArrowDown')).toEqual({ row: 9, column: 3 });
    expect(move(2, 3, 'PageUp')).toEqual({ row: 0, column: 3 });
    expect(move(2, 3, 'End')).toEqual({ row: 2, column: 7 });
  });

  it('crosses from one source to the next, line by line', () => {
    expect(move(5, 1, 'ArrowDown')).toEqual({ row: 6, column: 1 });
  });

  it('goes on past the last visible line when zoomed in', () => {
    const near = layoutHeatMap(groupsOf(100), { from: 10, to: 22 }, 600);
    expect(moveCursor({ row: 21, column: 0 }, 'ArrowDown', near, 8, 100)).toEqual({ row: 22, column: 0 });
  });

  it('leaves other keys alone', () => {
    expect(move(0, 0, 'a')).toBeNull();
  });
});

describe('cellAtPoint', () => {
  const layout = layoutHeatMap(groupsOf(1, 1), wholeView(2), 600);
  const figures = {
    means: new Float32Array([0.25, 0.75, 0.5, 0.5]),
    promptIds: new Uint32Array([7, 7, 9, 9]),
  };
  const map = { codes: 2, layout, figures, order: [1, 0] };
  const at = (x: number, y: number) => cellAtPoint(map, { left: 80, top: 24, columnWidth: 20 }, x, y);

  it('finds the code by the order in force, not by position', () => {
    expect(at(85, 30)).toMatchObject({ code: 1, promptId: 7, weight: 0.75 });
    expect(at(105, 30)).toMatchObject({ code: 0, promptId: 7, weight: 0.25 });
  });
  it('takes the numbers above as whole columns, and nothing beside, between or below', () => {
    expect(at(85, 10)).toEqual({ code: 1, line: null, promptId: null, weight: null });
    expect([at(40, 30), at(130, 30), at(85, 24 + 20), at(85, 500)]).toEqual([null, null, null, null]);
  });
});

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { ApiProblem, isProblem, keys } from "@/api";
import { type Column, cleaned, faultOf, same, shown } from "./cells";
import { type Sheet, type SheetItem, type SheetPlace, type SheetRow, saveSheet } from "./sheet";

/** Typed texts by place, then by column. */
export type Typed = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A cell by its place and column, and what is to stand in it. */
export interface Change {
  place: string;
  column: string;
  text: string;
}

interface Step {
  before: Typed;
  after: Typed;
}

interface Held {
  place: string;
  column: string;
  detail: string;
}

/** `/rows/3/values/promoter` → the place of the fourth row and the column. */
function cellOf(pointer: string, places: string[]): { place: string; column: string } | undefined {
  const [, , row, , column] = pointer.split("/");
  const place = places[Number(row)];
  return place === undefined ? undefined : { place, column: column ?? "" };
}

const NONE: Typed = new Map();

/** What was typed since these texts were sent. */
function without(now: Typed, sent: Typed): Typed {
  const left = new Map<string, ReadonlyMap<string, string>>();
  for (const [place, row] of now) {
    const kept = new Map([...row].filter(([column, text]) => sent.get(place)?.get(column) !== text));
    if (kept.size > 0) left.set(place, kept);
  }
  return left;
}

/** What a person does to a sheet until it is saved: typed texts, steps back and forth, what is wrong, what was contested. */
export function useSheet(
  pages: Sheet[],
  refetch: () => Promise<{ data?: { pages: Sheet[] } }>,
  moneyPlaces: number,
  language: string,
) {
  const client = useQueryClient();
  const sheet = pages[0];
  const [typed, setTyped] = useState<Typed>(NONE);
  const [done, setDone] = useState<Step[]>([]);
  const [undone, setUndone] = useState<Step[]>([]);
  const [places, setPlaces] = useState<SheetPlace[]>([]);
  const [items, setItems] = useState<SheetItem[]>([]);
  const [refused, setRefused] = useState<Held[]>([]);
  const [contested, setContested] = useState<Held[]>([]);

  const rows = useMemo<SheetRow[]>(() => {
    const read = pages.flatMap((page) => page.rows);
    const known = new Set(read.map((row) => row.place.id));
    const more = places.filter((place) => !known.has(place.id));
    return [...read, ...more.map((place) => ({ place, values: {}, earlier: {} }))];
  }, [pages, places]);

  const columns = useMemo<Column[]>(() => {
    if (!sheet) return [];
    const all = [...pages.flatMap((page) => page.items), ...items];
    const once = [...new Map(all.map((item) => [item.item, item])).values()];
    return [
      ...sheet.place_measures.map((one) => ({
        key: one.key,
        code: "",
        name: language.startsWith("zh") ? one.label_zh : one.label_en,
        kind: one.kind,
        ofPlace: true,
      })),
      ...once.map((one) => ({
        key: one.item,
        code: one.code,
        name: one.name,
        kind: sheet.measure.kind,
        ofPlace: false,
      })),
    ];
  }, [pages, sheet, items, language]);

  const byPlace = useMemo(() => new Map(rows.map((row) => [row.place.id, row])), [rows]);
  const byKey = useMemo(() => new Map(columns.map((column) => [column.key, column])), [columns]);

  const write = useCallback(
    (changes: Change[], more: { places?: SheetPlace[]; items?: SheetItem[] } = {}) => {
      const kinds = new Map(columns.map((column) => [column.key, column.kind]));
      for (const item of more.items ?? []) if (sheet) kinds.set(item.item, sheet.measure.kind);
      if (more.places?.length) setPlaces((there) => [...there, ...(more.places ?? [])]);
      if (more.items?.length) setItems((there) => [...there, ...(more.items ?? [])]);
      if (changes.length === 0) return;
      const after = new Map(typed);
      for (const { place, column, text } of changes) {
        const kind = kinds.get(column);
        if (!kind) continue;
        const kept = cleaned(kind, text);
        const row = new Map(after.get(place));
        if (same(kind, byPlace.get(place)?.values[column], kept)) row.delete(column);
        else row.set(column, kept);
        if (row.size > 0) after.set(place, row);
        else after.delete(place);
      }
      const touched = new Set(changes.map((one) => `${one.place}/${one.column}`));
      setRefused((there) => there.filter((one) => !touched.has(`${one.place}/${one.column}`)));
      setDone((steps) => [...steps, { before: typed, after }]);
      setUndone([]);
      setTyped(after);
    },
    [typed, columns, byPlace, sheet],
  );

  const back = useCallback(() => {
    const step = done.at(-1);
    if (!step) return;
    setDone(done.slice(0, -1));
    setUndone([...undone, step]);
    setTyped(step.before);
  }, [done, undone]);

  const forth = useCallback(() => {
    const step = undone.at(-1);
    if (!step) return;
    setUndone(undone.slice(0, -1));
    setDone([...done, step]);
    setTyped(step.after);
  }, [done, undone]);

  /** The first typed text that no cell takes, by row and column. */
  const firstFault = useMemo(() => {
    for (const [place, row] of typed)
      for (const [column, text] of row) {
        const kind = byKey.get(column)?.kind ?? "text";
        if (faultOf(kind, text, moneyPlaces)) return { place, column };
      }
    const held = refused[0];
    return held && { place: held.place, column: held.column };
  }, [typed, byKey, moneyPlaces, refused]);

  const save = useMutation({
    mutationFn: async ({ texts, version }: { texts: Typed; version?: number }) => {
      if (!sheet) throw ApiProblem.network();
      const order = [...texts.keys()];
      const body = {
        measure: sheet.measure.key,
        rows: order.map((place_id) => ({
          place_id,
          values: Object.fromEntries(
            [...(texts.get(place_id) ?? [])].map(([column, text]) => [column, text || null]),
          ),
        })),
      };
      // Pages may have been read one after the other: the oldest counts.
      const read = version ?? Math.min(...pages.map((page) => page.version));
      try {
        const saved = await saveSheet(sheet.period, read, body);
        setRefused([]);
        setContested([]);
        await client.invalidateQueries({ queryKey: keys.of("sheets") });
        setTyped((now) => without(now, texts));
        setDone([]);
        setUndone([]);
        return saved;
      } catch (error) {
        if (error instanceof ApiProblem && (error.status === 412 || isProblem(error, "validation_failed"))) {
          const held = error.errors.flatMap((one) => {
            const cell = cellOf(one.pointer, order);
            return cell ? [{ ...cell, detail: one.detail }] : [];
          });
          if (error.status === 412) setContested(held);
          else setRefused(held);
          if (held.length > 0) return undefined;
        }
        throw error;
      }
    },
  });

  /** After a conflict: reads what stands now, then saves mine over it, or all but what others changed. */
  const settle = async (mine: boolean) => {
    const kept = new Map([...typed].map(([place, row]) => [place, new Map(row)]));
    if (!mine)
      for (const { place, column } of contested) {
        kept.get(place)?.delete(column);
        if (kept.get(place)?.size === 0) kept.delete(place);
      }
    setContested([]);
    setTyped(kept);
    const read = (await refetch()).data?.pages ?? [];
    if (kept.size > 0) save.mutate({ texts: kept, version: Math.min(...read.map((page) => page.version)) });
  };

  return {
    sheet,
    rows,
    columns,
    typed,
    write,
    back: done.length > 0 ? back : undefined,
    forth: undone.length > 0 ? forth : undefined,
    refused,
    contested,
    firstFault,
    save,
    settle,
    count: [...typed.values()].reduce((sum, row) => sum + row.size, 0),
    textOf: (row: SheetRow, column: Column) =>
      typed.get(row.place.id)?.get(column.key) ?? shown(column.kind, row.values[column.key]),
  };
}

export type SheetState = ReturnType<typeof useSheet>;

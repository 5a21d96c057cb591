import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconChevronRight,
  IconFileExport,
  IconHistory,
  IconPlus,
  IconSettings,
  IconTablePlus,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { ImportLink, useExport } from "@/features/imports";
import { placesOf, scaled, trimmed, written } from "@/shared/format/decimal";
import {
  Alert,
  Button,
  EmptyState,
  IconButton,
  LazySelect,
  Page,
  PageHeader,
  Text,
  toast,
  useMediaQuery,
  Waiting,
} from "@/shared/ui";
import { BESIDE, type Beside } from "./beside";
import { cleaned, faultOf, headings, tableOf } from "./cells";
import { edges, type GridHandle, type Range, SheetGrid } from "./SheetGrid";
import classes from "./SheetGrid.module.css";
import {
  firstDay,
  matchSheet,
  type SheetItem,
  type SheetPlace,
  sheetQuery,
  shifted,
  yearBefore,
} from "./sheet";
import { type Change, type SheetState, useSheet } from "./useSheet";

const AddDialog = lazy(() => import("./AddDialog"));
const ContestedDialog = lazy(() => import("./ContestedDialog"));
const HistoryDialog = lazy(() => import("./HistoryDialog"));
const PlaceForm = lazy(() => import("./PlaceForm").then((module) => ({ default: module.PlaceForm })));
const MeasuresDialog = lazy(() => import("./MeasuresDialog"));

const START: Range = { from: { row: 0, column: 0 }, to: { row: 0, column: 0 } };

/** What shops sold in a month or a week, and what competitors offer there, entered as in a spreadsheet and saved once. */
export function SheetPage() {
  const { period, measure } = useSearch({ from: "/_app/sheets" });
  // What is typed belongs to one sheet.
  return <OneSheet key={`${period}/${measure}`} />;
}

function OneSheet() {
  const { t } = useTranslation("sheets");
  const { period = "current", measure, beside = "previous" } = useSearch({ from: "/_app/sheets" });
  const client = useQueryClient();
  const navigate = useNavigate();
  const { company } = useMe();
  const language = currentLanguage();
  const mayWrite = useCan("sales:order:write");
  const maySet = useCan("platform:settings:write");
  const phone = useMediaQuery("(max-width: 48em)");
  const exporting = useExport("sellout");
  const earlier = beside === "year" && period !== "current" ? yearBefore(period) : undefined;
  const query = useInfiniteQuery(sheetQuery(period, measure, earlier));
  const pages = useMemo(() => query.data?.pages ?? [], [query.data]);
  const moneyPlaces = placesOf(company.currency);
  const state = useSheet(pages, query.refetch, moneyPlaces, language);
  const { sheet, rows, columns, typed, save } = state;
  const [range, setRange] = useState<Range>(START);
  const [place, setPlace] = useState<string>();
  const [dialog, setDialog] = useState<"add" | "measures" | "history">();
  const [lost, setLost] = useState<string[]>([]);
  const grid = useRef<GridHandle>(null);
  const refused = useMemo(
    () => new Map(state.refused.map((one) => [`${one.place}/${one.column}`, one.detail])),
    [state.refused],
  );
  const totals = useTotals(state, moneyPlaces);
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const sheetOf = ({ search }: { search: object }) => {
        const { period, measure } = search as { period?: string; measure?: string };
        return `${period}/${measure}`;
      };
      const stays = current.pathname === next.pathname && sheetOf(current) === sheetOf(next);
      return state.count > 0 && !stays && !window.confirm(t("leave"));
    },
    enableBeforeUnload: state.count > 0,
  });
  // The address names the period, so that it can be kept and sent.
  useEffect(() => {
    if (period !== "current" || !query.data || !sheet) return;
    client.setQueryData(sheetQuery(sheet.period, measure).queryKey, query.data);
    void navigate({ to: "/sheets", search: { period: sheet.period, measure, beside }, replace: true });
  }, [period, query.data, sheet, measure, beside, client, navigate]);

  const go = (search: { period?: string; measure?: string; beside?: Beside }) => {
    setRange(START);
    void navigate({ to: "/sheets", search: { period, measure, beside, ...search }, replace: true });
  };
  const send = () => {
    const fault = state.firstFault;
    if (fault) {
      const row = rows.findIndex((one) => one.place.id === fault.place);
      const column = columns.findIndex((one) => one.key === fault.column);
      if (phone) setPlace(fault.place);
      else if (row >= 0 && column >= 0) grid.current?.goTo({ row, column });
      toast.done(t("mend_first"));
      return;
    }
    if (state.count === 0 || save.isPending) return;
    save.mutate(
      { texts: typed },
      {
        onSuccess: (saved) => saved && toast.done(t("saved", { count: saved.changed })),
        onError: toast.problem,
      },
    );
  };
  const sendLatest = useRef(send);
  sendLatest.current = send;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      // What is being typed counts too.
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
      setTimeout(() => sendLatest.current());
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const paste = async (text: string) => {
    if (!sheet) return;
    try {
      const { changes, more, unknown } = await placed(text, state, range);
      setLost(unknown);
      state.write(changes, more);
      if (changes.length > 0 && unknown.length === 0) toast.done(t("pasted", { count: changes.length }));
    } catch (error) {
      toast.problem(error);
    }
  };

  const at = rows[range.to.row];
  const column = columns[range.to.column];
  const label = sheet
    ? language.startsWith("zh")
      ? sheet.measure.label_zh
      : sheet.measure.label_en
    : t("title");
  return (
    <Page width="full">
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          mayWrite && (
            <>
              <IconButton label={t("undo")} disabled={!state.back} onClick={() => state.back?.()}>
                <IconArrowBackUp size={18} stroke={1.6} />
              </IconButton>
              <IconButton label={t("redo")} disabled={!state.forth} onClick={() => state.forth?.()}>
                <IconArrowForwardUp size={18} stroke={1.6} />
              </IconButton>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                disabled={!sheet}
                onClick={() => setDialog("add")}
              >
                {t("add")}
              </Button>
              <Button disabled={state.count === 0} loading={save.isPending} onClick={send}>
                {state.count > 0 ? t("save_count", { count: state.count }) : t("common:action.save")}
              </Button>
            </>
          )
        }
      />
      <div className={classes.bar}>
        {sheet && (
          <>
            <div className={classes.period}>
              <IconButton label={t("before")} onClick={() => go({ period: shifted(sheet.period, -1) })}>
                <IconChevronLeft size={18} />
              </IconButton>
              <strong>{periodName(sheet.period, language)}</strong>
              <IconButton label={t("after")} onClick={() => go({ period: shifted(sheet.period, 1) })}>
                <IconChevronRight size={18} />
              </IconButton>
            </div>
            <LazySelect
              aria-label={t("measure")}
              w={180}
              allowDeselect={false}
              value={sheet.measure.key}
              data={sheet.measures.map((one) => ({
                value: one.key,
                label: language.startsWith("zh") ? one.label_zh : one.label_en,
              }))}
              onChange={(key) => key && go({ measure: key })}
            />
            <LazySelect
              aria-label={t("beside_label")}
              w={180}
              allowDeselect={false}
              value={beside}
              data={BESIDE.map((one) => ({ value: one, label: t(`beside.${one}`) }))}
              onChange={(one) => go({ beside: one as Beside })}
            />
            <span className={classes.spring} />
            {exporting.start && (
              <IconButton
                label={t("common:action.export")}
                onClick={() =>
                  exporting.start?.({ query: {}, period: { from: sheet.first_day, to: sheet.first_day } })
                }
              >
                <IconFileExport size={18} stroke={1.6} />
              </IconButton>
            )}
            <ImportLink resource="sellout">{t("import")}</ImportLink>
            {maySet && (
              <IconButton label={t("measures")} onClick={() => setDialog("measures")}>
                <IconSettings size={18} stroke={1.6} />
              </IconButton>
            )}
          </>
        )}
      </div>
      {lost.length > 0 && (
        <Alert
          color="yellow"
          role="alert"
          withCloseButton
          closeButtonLabel={t("common:action.close")}
          onClose={() => setLost([])}
          title={t("not_found", { count: lost.length })}
        >
          {lost.slice(0, 30).join(" · ")}
        </Alert>
      )}
      <Waiting query={query} rows={10} />
      {sheet && (rows.length === 0 || columns.length === 0) && (
        <EmptyState icon={<IconTablePlus size={28} stroke={1.5} />} title={t("empty")}>
          {t(mayWrite ? "empty_hint" : "empty_yours")}
        </EmptyState>
      )}
      {sheet && rows.length > 0 && columns.length > 0 && phone && (
        <Suspense>
          <PlaceForm
            state={state}
            refused={refused}
            moneyPlaces={moneyPlaces}
            locked={!mayWrite}
            place={place}
            onPlace={setPlace}
          />
        </Suspense>
      )}
      {sheet && !phone && (rows.length > 0 || columns.length > 0) && (
        <>
          <SheetGrid
            key={beside === "none" ? "low" : "tall"}
            label={`${label} ${periodName(sheet.period, language)}`}
            rows={rows}
            columns={columns}
            totals={totals}
            typed={typed}
            refused={refused}
            moneyPlaces={moneyPlaces}
            beside={beside !== "none"}
            locked={!mayWrite}
            range={range}
            onRange={setRange}
            onWrite={(changes) => state.write(changes)}
            onPaste={(text) => void paste(text)}
            onBack={state.back}
            onForth={state.forth}
            handle={grid}
          />
          <div className={classes.status}>
            {query.hasNextPage && (
              <Button
                size="compact-sm"
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t("more")}
              </Button>
            )}
            {at && column && (
              <>
                <Status state={state} range={range} refused={refused} moneyPlaces={moneyPlaces} />
                <Button
                  size="compact-sm"
                  variant="subtle"
                  leftSection={<IconHistory size={15} stroke={1.6} />}
                  onClick={() => setDialog("history")}
                >
                  {t("history")}
                </Button>
              </>
            )}
          </div>
        </>
      )}
      {exporting.dialog}
      <Suspense>
        {dialog === "add" && sheet && (
          <AddDialog
            sheet={sheet}
            onClose={() => setDialog(undefined)}
            onAdd={(places, items) => state.write([], { places, items })}
          />
        )}
        {dialog === "measures" && <MeasuresDialog onClose={() => setDialog(undefined)} />}
        {dialog === "history" && sheet && at && column && (
          <HistoryDialog
            sheet={sheet}
            place={at.place}
            column={column}
            onClose={() => setDialog(undefined)}
          />
        )}
        {state.contested.length > 0 && <ContestedDialog state={state} />}
      </Suspense>
    </Page>
  );
}

/** `2026年11月`, or the week with the day it begins on. */
function periodName(period: string, language: string): string {
  const day = firstDay(period);
  const options: Intl.DateTimeFormatOptions = period.includes("W")
    ? { month: "short", day: "numeric", timeZone: "UTC" }
    : { year: "numeric", month: "long", timeZone: "UTC" };
  const text = new Intl.DateTimeFormat(language, options).format(day);
  return period.includes("W") ? `${period} · ${text}` : text;
}

/** What columns of numbers come to, exactly; words are not summed. */
function useTotals(state: SheetState, moneyPlaces: number): string[] {
  const { rows, columns, typed } = state;
  return useMemo(
    () =>
      columns.map((column) => {
        if (column.kind === "text") return "";
        const places = column.kind === "money" ? moneyPlaces : 3;
        let sum = 0n;
        for (const row of rows) {
          const text = typed.get(row.place.id)?.get(column.key) ?? row.values[column.key] ?? "";
          if (text !== "" && !faultOf(column.kind, text, moneyPlaces)) sum += scaled(text, places);
        }
        // Prices are compared, not added up.
        return column.kind === "money" ? "" : `Σ ${trimmed(written(sum, places))}`;
      }),
    [rows, columns, typed, moneyPlaces],
  );
}

interface StatusProps {
  state: SheetState;
  range: Range;
  refused: ReadonlyMap<string, string>;
  moneyPlaces: number;
}

/** What the chosen cell is and what is wrong with it; of several, how many and their sum. */
function Status({ state, range, refused, moneyPlaces }: StatusProps) {
  const { t } = useTranslation("sheets");
  const { rows, columns } = state;
  const row = rows[range.to.row];
  const column = columns[range.to.column];
  if (!row || !column) return null;
  const { top, bottom, left, right } = edges(range);
  const count = (bottom - top + 1) * (right - left + 1);
  const fault = faultOf(column.kind, state.textOf(row, column), moneyPlaces);
  const wrong = fault ? t(`fault.${fault}`) : refused.get(`${row.place.id}/${column.key}`);
  return (
    <span role="status">
      {count > 1 ? t("chosen", { count }) : `${row.place.name} · ${column.name}`}
      {wrong && (
        <Text component="span" data-fault ml="sm">
          {wrong}
        </Text>
      )}
    </span>
  );
}

interface Placed {
  changes: Change[];
  more: { places: SheetPlace[]; items: SheetItem[] };
  /** Headings that nothing is called. */
  unknown: string[];
}

/** Where the cells of a pasted table belong: by its headings where it has them, else from the chosen cell on. */
async function placed(text: string, state: SheetState, range: Range): Promise<Placed> {
  const { sheet, rows, columns } = state;
  const byPlace = new Map<string, string>();
  for (const { place } of rows) {
    byPlace.set(place.name, place.id);
    if (place.code) byPlace.set(place.code, place.id);
  }
  const byItem = new Map<string, string>();
  for (const column of columns) {
    byItem.set(column.name, column.key);
    if (column.code) byItem.set(column.code, column.key);
  }
  const numeric = sheet?.measure.kind !== "text";
  const pasted = headings(
    tableOf(text),
    numeric,
    (one) => byPlace.has(one),
    (one) => byItem.has(one),
  );
  const more: Placed["more"] = { places: [], items: [] };
  const asked = {
    places: (pasted.places ?? []).filter((one) => one !== "" && !byPlace.has(one)),
    items: (pasted.items ?? []).filter((one) => one !== "" && !byItem.has(one)),
  };
  const unknown: string[] = [];
  if (sheet && asked.places.length + asked.items.length > 0) {
    const found = await matchSheet({ measure: sheet.measure.key, ...asked });
    for (const one of found.places) {
      if (!one.found) unknown.push(one.text);
      else {
        more.places.push(one.found);
        byPlace.set(one.text, one.found.id);
      }
    }
    for (const one of found.items) {
      if (!one.found) unknown.push(one.text);
      else {
        more.items.push(one.found);
        byItem.set(one.text, one.found.item);
      }
    }
  }
  const { top, left } = edges(range);
  const kinds = new Map(columns.map((column) => [column.key, column.kind]));
  const locked = new Set(rows.filter((row) => !row.place.writable).map((row) => row.place.id));
  const changes: Change[] = [];
  pasted.body.forEach((cells, down) => {
    const place = pasted.places ? byPlace.get(pasted.places[down] ?? "") : rows[top + down]?.place.id;
    if (place === undefined || locked.has(place)) return;
    cells.forEach((cell, over) => {
      const column = pasted.items ? byItem.get(pasted.items[over] ?? "") : columns[left + over]?.key;
      if (column === undefined) return;
      const kind = kinds.get(column) ?? sheet?.measure.kind ?? "text";
      changes.push({ place, column, text: cleaned(kind, cell) });
    });
  });
  return { changes, more, unknown };
}

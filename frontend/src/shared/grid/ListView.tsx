import { IconDownload, IconSearch, IconX } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition, ListParams } from "@/api/types";
import { useFormat } from "../format";
import {
  Button,
  EmptyState,
  ErrorState,
  IconButton,
  ListSkeleton,
  TextInput,
  useDebouncedValue,
  useMediaQuery,
} from "../ui";
import { SavedViews } from "../views";
import { ColumnChooser } from "./ColumnChooser";
import { FilterBar } from "./FilterBar";
import { GridCards } from "./GridCards";
import { GridTable } from "./GridTable";
import classes from "./ListView.module.css";
import type { FilterField, GridColumn } from "./types";
import { type FetchPage, useListQuery } from "./useListQuery";
import { useListState } from "./useListState";

/** What a bulk action works on: the ticked records, or everything the list matches. */
export interface Selection {
  ids: string[];
  /** True after "select all N": act on `query`/`filter`, not on `ids`. */
  everything: boolean;
  count: number;
  filter?: Condition;
  q?: string;
  clear: () => void;
}

export interface OpenTarget {
  to: string;
  params?: Record<string, string>;
}

export interface ListViewProps<T extends { id: string }> {
  /** Cache key and resource of saved views, e.g. `customers`. */
  resource: string;
  /** Spoken name of the list. */
  label: string;
  columns: GridColumn<T>[];
  fetch: FetchPage<T>;
  fields?: FilterField[];
  defaultSort?: string;
  /** See `useListQuery`. */
  scope?: string;
  counted?: boolean;
  searchable?: boolean;
  /** Where a row leads. */
  open?: (row: T) => OpenTarget;
  /** Instead of a place: what opening a row does. */
  onOpen?: (row: T) => void;
  /** What a row is called, for its checkbox. */
  name: (row: T) => string;
  bulk?: (selection: Selection) => ReactNode;
  /** When there is nothing at all; "no match" is drawn by the list. */
  empty: ReactNode;
  /** Saved views of this resource. */
  views?: boolean;
  /** Called with exactly what is shown. */
  onExport?: (query: ListParams, columns: string[]) => void;
  /** Right end of the toolbar. */
  tools?: ReactNode;
}

export function ListView<T extends { id: string }>(props: ListViewProps<T>) {
  const { t } = useTranslation("grid");
  const { state, update, filtered } = useListState();
  const list = useListQuery({ ...props, state });
  const phone = useMediaQuery("(max-width: 48em)", false);
  const shown = useMemo(() => shownColumns(props.columns, state.cols), [props.columns, state.cols]);
  const { selection, selected, setSelected, selectEverything } = useSelection(list.total, state);

  return (
    <div className={classes.list}>
      <div className={classes.tools}>
        {props.searchable !== false && <SearchBox value={state.q} onChange={(q) => update({ q }, true)} />}
        {props.fields && props.fields.length > 0 && (
          <FilterBar
            fields={props.fields}
            condition={state.filter}
            onChange={(filter) => update({ filter })}
          />
        )}
        <div className={classes.right}>
          {props.tools}
          {props.views && <SavedViews resource={props.resource} />}
          {!phone && (
            <ColumnChooser
              columns={props.columns}
              shown={shown.map((column) => column.id)}
              onChange={(cols) => update({ cols })}
            />
          )}
          {props.onExport && (
            <IconButton
              label={t("common:action.export")}
              size="lg"
              variant="default"
              onClick={() =>
                props.onExport?.(
                  list.query,
                  shown.map((column) => column.id),
                )
              }
            >
              <IconDownload size={18} stroke={1.6} />
            </IconButton>
          )}
        </div>
      </div>
      <Count total={list.total} capped={list.totalCapped} filtered={filtered} />
      <Body {...{ props, list, shown, phone, filtered, state, update, selected, setSelected }} />
      {props.bulk && selection.count > 0 && (
        <div className={classes.bulk} role="toolbar" aria-label={t("bulk.label")}>
          <span className="tabular">{t("bulk.selected", { count: selection.count })}</span>
          {!selection.everything && list.total !== undefined && list.total > selection.count && (
            <Button variant="subtle" size="compact-sm" onClick={selectEverything}>
              {t("bulk.all", { count: list.total })}
            </Button>
          )}
          {props.bulk(selection)}
          <IconButton label={t("bulk.clear")} onClick={selection.clear}>
            <IconX size={16} />
          </IconButton>
        </div>
      )}
    </div>
  );
}

interface BodyProps<T extends { id: string }> {
  props: ListViewProps<T>;
  list: ReturnType<typeof useListQuery<T>>;
  shown: GridColumn<T>[];
  phone: boolean;
  filtered: boolean;
  state: ReturnType<typeof useListState>["state"];
  update: ReturnType<typeof useListState>["update"];
  selected: Set<string>;
  setSelected: (ids: Set<string>) => void;
}

function Body<T extends { id: string }>(body: BodyProps<T>) {
  const { t } = useTranslation("grid");
  const { props, list, shown, state, update } = body;
  const { pages } = list;
  if (pages.isPending) {
    return (
      <div className={classes.frame}>
        <ListSkeleton rows={12} />
      </div>
    );
  }
  if (pages.isError && list.rows.length === 0) {
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  }
  if (list.rows.length === 0) {
    return body.filtered ? (
      <EmptyState
        icon={<IconSearch size={28} stroke={1.5} />}
        title={t("no_match")}
        actions={
          <Button variant="default" onClick={() => update({ q: undefined, filter: undefined })}>
            {t("clear_filters")}
          </Button>
        }
      >
        {t("no_match_hint")}
      </EmptyState>
    ) : (
      props.empty
    );
  }
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  };
  if (body.phone) {
    return (
      <GridCards
        label={props.label}
        rows={list.rows}
        columns={props.columns}
        open={props.open}
        onOpen={props.onOpen}
        onEnd={more}
      />
    );
  }
  return (
    <GridTable
      label={props.label}
      rows={list.rows}
      total={list.total}
      columns={shown}
      sort={state.sort ?? props.defaultSort}
      onSort={(sort) => update({ sort })}
      selectable={props.bulk !== undefined}
      selected={body.selected}
      onSelect={body.setSelected}
      open={props.open}
      onOpen={props.onOpen}
      name={props.name}
      onChanged={list.replaceRow}
      onEnd={more}
      stale={pages.isPlaceholderData}
      loadingMore={pages.isFetchingNextPage}
    />
  );
}

function shownColumns<T>(columns: GridColumn<T>[], cols: string | undefined): GridColumn<T>[] {
  if (!cols) return columns.filter((column) => !column.hidden);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const chosen = cols.split(",").flatMap((id) => byId.get(id) ?? []);
  return chosen.length > 0 ? chosen : columns.filter((column) => !column.hidden);
}

function useSelection(total: number | undefined, state: { filter?: Condition; q?: string }) {
  const [selected, setSelectedIds] = useState<Set<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const setSelected = useCallback((ids: Set<string>) => {
    setEverything(false);
    setSelectedIds(ids);
  }, []);
  const shownBy = JSON.stringify([state.filter, state.q]);
  // A selection belongs to what was on screen: another filter starts anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: reset when what is shown changes
  useEffect(() => setSelected(new Set()), [shownBy, setSelected]);
  const selection: Selection = {
    ids: [...selected],
    everything,
    count: everything ? (total ?? selected.size) : selected.size,
    filter: state.filter,
    q: state.q,
    clear: () => setSelected(new Set()),
  };
  return { selection, selected, setSelected, selectEverything: () => setEverything(true) };
}

function SearchBox({ value, onChange }: { value?: string; onChange: (q: string | undefined) => void }) {
  const { t } = useTranslation("grid");
  const [typed, setTyped] = useState(value ?? "");
  const [settled] = useDebouncedValue(typed, 200);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a settled text goes into the URL
  useEffect(() => {
    if (settled !== (value ?? "")) onChange(settled || undefined);
  }, [settled]);
  useEffect(() => setTyped(value ?? ""), [value]);
  return (
    <TextInput
      className={classes.search}
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      placeholder={t("search")}
      aria-label={t("search")}
      leftSection={<IconSearch size={16} />}
    />
  );
}

function Count({ total, capped, filtered }: { total?: number; capped: boolean; filtered: boolean }) {
  const { t } = useTranslation("grid");
  const f = useFormat();
  return (
    <div className={classes.count} role="status">
      {total === undefined
        ? " "
        : t(filtered ? "count_filtered" : "count", {
            count: total,
            shown: `${f.number(total)}${capped ? "+" : ""}`,
          })}
    </div>
  );
}

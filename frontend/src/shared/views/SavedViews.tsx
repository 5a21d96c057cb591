import { IconBookmark, IconBookmarkFilled, IconPin, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { type ListState, listSearch } from "../grid/search";
import { useListState } from "../grid/useListState";
import { Button, Menu, toast } from "../ui";

const NameView = lazy(() => import("./NameView"));

export type View = Schema<"ViewView">;

const definitionOf = (state: ListState) => ({
  q: state.q,
  sort: state.sort,
  filter: state.filter,
  cols: state.cols,
});
const same = (a: ListState, b: ListState) =>
  JSON.stringify(definitionOf(a)) === JSON.stringify(definitionOf(b));

export function SavedViews({ resource }: { resource: string }) {
  const { t } = useTranslation("grid");
  const client = useQueryClient();
  const { state, update } = useListState();
  const [naming, setNaming] = useState(false);
  const views = useQuery({
    queryKey: keys.list("views", resource),
    queryFn: ({ signal }) => {
      const filter = JSON.stringify({ field: "resource", op: "eq", value: resource });
      return ok(api.GET("/views", { params: { query: { filter, limit: 200 } }, signal }));
    },
    staleTime: 60_000,
  });
  const list = views.data?.items ?? [];
  const current = list.find((view) => view.id === state.view);
  const changed = current !== undefined && !same(listSearch(current.definition), state);
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("views") });

  const save = useMutation({
    mutationFn: (view: View) =>
      ok(
        api.PATCH("/views/{id}", {
          params: { path: { id: view.id }, header: ifMatch(view.version) },
          body: { definition: definitionOf(state) },
        }),
      ),
    onSuccess: () => {
      toast.done(t("common:state.saved"));
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (view: View) =>
      ok(
        api.DELETE("/views/{id}", {
          params: { path: { id: view.id }, header: ifMatch(view.version) },
        }),
      ),
    onSuccess: (_answer, view) => {
      if (state.view === view.id) update({ view: undefined });
      return refresh();
    },
  });
  const show = (view: View | undefined) =>
    update({
      q: undefined,
      sort: undefined,
      filter: undefined,
      cols: undefined,
      ...(view && listSearch(view.definition)),
      view: view?.id,
    });

  return (
    <>
      <Menu
        position="bottom-end"
        width={260}
        target={
          <Button
            variant="default"
            leftSection={current ? <IconBookmarkFilled size={16} /> : <IconBookmark size={16} stroke={1.6} />}
          >
            {current ? `${current.name}${changed ? ` · ${t("view_changed")}` : ""}` : t("views")}
          </Button>
        }
      >
        {({ Item, Divider }) => (
          <>
            <Item onClick={() => show(undefined)}>{t("view_everything")}</Item>
            {[...list]
              .sort((a, b) => Number(b.pinned) - Number(a.pinned))
              .map((view) => (
                <Item
                  key={view.id}
                  leftSection={view.pinned ? <IconPin size={15} /> : undefined}
                  rightSection={view.shared ? <span className="dim">{t("view_shared")}</span> : undefined}
                  onClick={() => show(view)}
                >
                  {view.name}
                </Item>
              ))}
            <Divider />
            {current?.own && changed && <Item onClick={() => save.mutate(current)}>{t("view_save")}</Item>}
            <Item onClick={() => setNaming(true)}>{t("view_save_as")}</Item>
            {current?.own && (
              <Item color="red" leftSection={<IconTrash size={15} />} onClick={() => remove.mutate(current)}>
                {t("view_delete")}
              </Item>
            )}
          </>
        )}
      </Menu>
      {naming && (
        <Suspense>
          <NameView
            resource={resource}
            definition={definitionOf(state)}
            onClose={() => setNaming(false)}
            onSaved={async (view) => {
              setNaming(false);
              await refresh();
              update({ view: view.id });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

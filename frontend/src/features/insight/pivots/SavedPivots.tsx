import { IconBookmark, IconBookmarkFilled, IconPin, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { Button, Menu, toast } from "@/shared/ui";
import { FIRST, pivotSearch } from "./state";
import type { PivotSearch, Query } from "./types";

const NameView = lazy(() => import("@/shared/views/NameView"));

type View = Schema<"ViewView">;
const RESOURCE = "pivots";

interface Props {
  query: Query;
  view: string | undefined;
  onShow: (change: Partial<PivotSearch>) => void;
}

/** Pivots kept under a name: private or for the whole unit. */
export function SavedPivots({ query, view, onShow }: Props) {
  const { t } = useTranslation(["pivots", "grid"]);
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const views = useQuery({
    queryKey: keys.list("views", RESOURCE),
    queryFn: ({ signal }) => {
      const filter = JSON.stringify({ field: "resource", op: "eq", value: RESOURCE });
      return ok(api.GET("/views", { params: { query: { filter, limit: 200 } }, signal }));
    },
    staleTime: 60_000,
  });
  const list = views.data?.items ?? [];
  const current = list.find((one) => one.id === view);
  const changed = current !== undefined && JSON.stringify(current.definition.query) !== JSON.stringify(query);
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("views") });
  const save = useMutation({
    mutationFn: (one: View) =>
      ok(
        api.PATCH("/views/{id}", {
          params: { path: { id: one.id }, header: ifMatch(one.version) },
          body: { definition: { query } },
        }),
      ),
    onSuccess: () => {
      toast.done(t("common:state.saved"));
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (one: View) =>
      ok(api.DELETE("/views/{id}", { params: { path: { id: one.id }, header: ifMatch(one.version) } })),
    onSuccess: (_answer, one) => {
      if (view === one.id) onShow({ view: undefined });
      return refresh();
    },
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
            {current ? `${current.name}${changed ? ` · ${t("grid:view_changed")}` : ""}` : t("saved")}
          </Button>
        }
      >
        {({ Item, Divider }) => (
          <>
            <Item onClick={() => onShow({ query: FIRST, view: undefined })}>{t("fresh")}</Item>
            {[...list]
              .sort((a, b) => Number(b.pinned) - Number(a.pinned))
              .map((one) => (
                <Item
                  key={one.id}
                  leftSection={one.pinned ? <IconPin size={15} /> : undefined}
                  rightSection={one.shared ? <span className="dim">{t("grid:view_shared")}</span> : undefined}
                  onClick={() => onShow({ query: pivotSearch(one.definition).query ?? FIRST, view: one.id })}
                >
                  {one.name}
                </Item>
              ))}
            <Divider />
            {current?.own && changed && (
              <Item onClick={() => save.mutate(current)}>{t("grid:view_save")}</Item>
            )}
            <Item onClick={() => setNaming(true)}>{t("save_as")}</Item>
            {current?.own && (
              <Item color="red" leftSection={<IconTrash size={15} />} onClick={() => remove.mutate(current)}>
                {t("delete")}
              </Item>
            )}
          </>
        )}
      </Menu>
      {naming && (
        <Suspense>
          <NameView
            resource={RESOURCE}
            definition={{ query }}
            onClose={() => setNaming(false)}
            onSaved={async (one) => {
              setNaming(false);
              await refresh();
              onShow({ view: one.id });
            }}
          />
        </Suspense>
      )}
    </>
  );
}

import { IconBookmark, IconBookmarkFilled, IconPin, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { Button, Menu, toast } from "../ui";

const NameView = lazy(() => import("./NameView"));

export type View = Schema<"ViewView">;

interface Props {
  /** Whose views they are. */
  resource: string;
  /** What is shown now, as it would be kept. */
  definition: object;
  /** The view that what is shown began with. */
  view: string | undefined;
  /** Whether the view still is what is shown. */
  isShown: (view: View) => boolean;
  /** Shows a view, or what there is without one. */
  onShow: (view: View | undefined) => void;
  /** Goes on with a view: what is shown was kept under it, or its view is gone. */
  onKept: (view: string | undefined) => void;
  /** The words of lists, where others say it better. */
  words?: { closed: string; none: string; saveAs: string; remove: string };
}

/** What a page shows, kept under names: opened, changed, shared, deleted. */
export function ViewsMenu({ resource, definition, view, isShown, onShow, onKept, words }: Props) {
  const { t } = useTranslation("grid");
  const client = useQueryClient();
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
  const current = list.find((one) => one.id === view);
  const changed = current !== undefined && !isShown(current);
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("views") });
  const save = useMutation({
    mutationFn: (one: View) =>
      ok(
        api.PATCH("/views/{id}", {
          params: { path: { id: one.id }, header: ifMatch(one.version) },
          body: { definition: { ...definition } },
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
      if (view === one.id) onKept(undefined);
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
            {current
              ? `${current.name}${changed ? ` · ${t("view_changed")}` : ""}`
              : (words?.closed ?? t("views"))}
          </Button>
        }
      >
        {({ Item, Divider }) => (
          <>
            <Item onClick={() => onShow(undefined)}>{words?.none ?? t("view_everything")}</Item>
            {[...list]
              .sort((a, b) => Number(b.pinned) - Number(a.pinned))
              .map((one) => (
                <Item
                  key={one.id}
                  leftSection={one.pinned ? <IconPin size={15} /> : undefined}
                  rightSection={one.shared ? <span className="dim">{t("view_shared")}</span> : undefined}
                  onClick={() => onShow(one)}
                >
                  {one.name}
                </Item>
              ))}
            <Divider />
            {current?.own && changed && <Item onClick={() => save.mutate(current)}>{t("view_save")}</Item>}
            <Item onClick={() => setNaming(true)}>{words?.saveAs ?? t("view_save_as")}</Item>
            {current?.own && (
              <Item color="red" leftSection={<IconTrash size={15} />} onClick={() => remove.mutate(current)}>
                {words?.remove ?? t("view_delete")}
              </Item>
            )}
          </>
        )}
      </Menu>
      {naming && (
        <Suspense>
          <NameView
            resource={resource}
            definition={definition}
            onClose={() => setNaming(false)}
            onSaved={async (one) => {
              setNaming(false);
              await refresh();
              onKept(one.id);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

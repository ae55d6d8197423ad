import { IconCategory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Category } from "@/api/types";
import { useDepartments, useProjects } from "@/lookups/lookups";
import { Empty } from "@/shell/Empty";

import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Sortable } from "../shared/Sortable";
import { SortableRow } from "../shared/SortableRow";
import { Shown } from "../shared/States";
import { useThings } from "../shared/things";
import { useOrder } from "../shared/useOrder";
import { listCategories, placeCategory } from "./categories";

export function CategoriesPage() {
  const { t } = useTranslation();
  const query = useThings("categories", listCategories);
  return (
    <Page
      title={t("settings.sections.categories")}
      text={t("settings.categories.text")}
      actions={<NewLink section="categories" label={t("settings.categories.new")} />}
    >
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={IconCategory} title={t("settings.categories.empty")} />
          ) : (
            <List items={items} />
          )
        }
      </Shown>
    </Page>
  );
}

function List({ items }: { items: Category[] }) {
  const { t } = useTranslation();
  const departments = useDepartments();
  const projects = useProjects();
  const { shown, move } = useOrder("categories", items, placeCategory);
  const note = ({ default_department_id, project_id, product_types = [] }: Category) =>
    [
      departments.data?.find((each) => each.id === default_department_id)?.name,
      projects.data?.find((each) => each.id === project_id)?.name,
      product_types.join(", "),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <Sortable
      label={t("settings.sections.categories")}
      items={shown}
      onMove={move}
      row={(item) => (
        <SortableRow
          section="categories"
          id={item.id}
          name={item.name}
          note={note(item)}
          isOff={item.enabled === false}
        />
      )}
    />
  );
}

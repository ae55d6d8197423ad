import { TagsInput, TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { Category } from "@/api/types";
import { useDepartments, useProjects } from "@/lookups/lookups";

import { errorWithin } from "../shared/errors";
import { Enabled, Pick } from "../shared/fields";
import { Form } from "../shared/Form";
import { History } from "../shared/History";
import { Page } from "../shared/Page";
import { Shown } from "../shared/States";
import { onVersion, useThing } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";
import { categoryPath } from "./categories";

export function CategoryPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/staff/settings/categories/$id" });
  const query = useThing("categories", id, (wanted) =>
    told(api.GET("/api/routing/categories/{category_id}", { params: categoryPath(wanted) })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back="categories" title={thing?.data.name ?? t("settings.categories.new")}>
          <Fields key={id} category={thing?.data ?? null} />
          {thing && (
            <History
              section="categories"
              id={id}
              read={(cursor) =>
                answer(
                  api.GET("/api/routing/categories/{category_id}/history", {
                    params: { ...categoryPath(id), query: { limit: 50, ...cursor } },
                  }),
                )
              }
            />
          )}
        </Page>
      )}
    </Shown>
  );
}

function Fields({ category }: { category: Category | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const departments = useDepartments();
  const projects = useProjects();
  const form = useEdited(
    {
      name: category?.name ?? "",
      default_department_id: category?.default_department_id ?? null,
      product_types: category?.product_types ?? [],
      project_id: category?.project_id ?? null,
      enabled: category?.enabled ?? true,
    },
    { default_department_id: (id) => (id === null ? t("settings.needed") : null) },
  );
  return (
    <Form
      section="categories"
      form={form}
      send={({ default_department_id, ...values }) => {
        const body = { ...values, default_department_id: default_department_id ?? "" };
        return category
          ? answer(
              api.PATCH("/api/routing/categories/{category_id}", {
                params: { ...categoryPath(category.id), header: onVersion(category.version) },
                body,
              }),
            )
          : answer(api.POST("/api/routing/categories", { params: { header: once(key) }, body }));
      }}
      onSaved={() => navigate({ to: "/settings/categories" })}
    >
      <div className={classes.card}>
        <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
        <Pick
          required
          allowDeselect={false}
          label={t("settings.categories.department")}
          description={t("settings.categories.departmentText")}
          choices={departments.data}
          {...form.getInputProps("default_department_id")}
        />
        <TagsInput
          label={t("settings.categories.productTypes")}
          description={t("settings.categories.productTypesText")}
          {...form.getInputProps("product_types")}
          error={errorWithin(form, "product_types")}
        />
        <Pick
          clearable
          label={t("columns.project")}
          description={t("settings.categories.projectText")}
          choices={projects.data}
          {...form.getInputProps("project_id")}
        />
        <Enabled note={t("settings.categories.disabled")} {...form.getInputProps("enabled", { type: "checkbox" })} />
      </div>
    </Form>
  );
}

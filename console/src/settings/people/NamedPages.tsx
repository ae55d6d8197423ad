/** Groups and projects: things that are a name. */
import { TextInput } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, told } from "@/api/client";
import { newKey, once } from "@/api/keys";
import type { NamedThing } from "@/api/types";
import { byName } from "@/lookups/byName";
import { allPages } from "@/lookups/pages";
import { Empty } from "@/shell/Empty";

import { SECTIONS } from "../sections";
import { Form } from "../shared/Form";
import { NewLink } from "../shared/NewLink";
import { Page } from "../shared/Page";
import { Rows } from "../shared/Rows";
import { Shown } from "../shared/States";
import { onVersion, useThing, useThings } from "../shared/things";
import { useEdited } from "../shared/useEdited";
import classes from "../settings.module.css";

type Kind = "groups" | "projects";

export const GroupsPage = () => <NamedList kind="groups" />;
export const ProjectsPage = () => <NamedList kind="projects" />;
export const GroupPage = () => <NamedPage kind="groups" />;
export const ProjectPage = () => <NamedPage kind="projects" />;

function NamedList({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const query = useThings(kind, async () => (await allPages((cursor) => list(kind, cursor))).sort(byName));
  const add = <NewLink section={kind} label={t(`settings.${kind}.new`)} />;
  return (
    <Page title={t(`settings.sections.${kind}`)} text={t(`settings.${kind}.text`)} actions={add}>
      <Shown query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty icon={SECTIONS[kind].icon} title={t(`settings.${kind}.empty`)} />
          ) : (
            <Rows section={kind} label={t(`settings.sections.${kind}`)} items={items} row={({ name }) => ({ name })} />
          )
        }
      </Shown>
    </Page>
  );
}

function NamedPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  const { id } = useParams({ from: `/staff/settings/${kind}/$id` });
  const query = useThing(kind, id, (wanted) =>
    told(api.GET(`/api/accounts/${kind}/{entity_id}`, { params: { path: { entity_id: wanted } } })),
  );
  return (
    <Shown query={query}>
      {(thing) => (
        <Page back={kind} title={thing?.data.name ?? t(`settings.${kind}.new`)}>
          <Fields key={id} kind={kind} thing={thing?.data ?? null} />
        </Page>
      )}
    </Shown>
  );
}

function Fields({ kind, thing }: { kind: Kind; thing: NamedThing | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const form = useEdited({ name: thing?.name ?? "" });
  return (
    <Form
      section={kind}
      form={form}
      send={(body) =>
        thing
          ? answer(
              api.PATCH(`/api/accounts/${kind}/{entity_id}`, {
                params: { path: { entity_id: thing.id }, header: onVersion(thing.version) },
                body,
              }),
            )
          : answer(api.POST(`/api/accounts/${kind}`, { params: { header: once(key) }, body }))
      }
      onSaved={() => navigate({ to: `/settings/${kind}` })}
    >
      <div className={classes.card}>
        <TextInput required label={t("settings.name")} {...form.getInputProps("name")} />
      </div>
    </Form>
  );
}

const list = (kind: Kind, cursor: { cursor?: string }) =>
  answer(api.GET(`/api/accounts/${kind}`, { params: { query: { limit: 200, ...cursor } } }));

import { answer, api } from "@/api/client";
import type { Category } from "@/api/types";
import { allPages } from "@/lookups/pages";

import { inOrder } from "../shared/useOrder";
import { onVersion } from "../shared/things";

export const categoryPath = (id: string) => ({ path: { category_id: id } });

export const listCategories = async () =>
  inOrder(
    await allPages((cursor) =>
      answer(api.GET("/api/routing/categories", { params: { query: { limit: 200, ...cursor } } })),
    ),
  );

export const placeCategory = ({ id, version }: Category, order: number) =>
  answer(
    api.PATCH("/api/routing/categories/{category_id}", {
      params: { ...categoryPath(id), header: onVersion(version) },
      body: { order },
    }),
  );

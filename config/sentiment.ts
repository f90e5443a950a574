import { z } from 'zod';
import { messages } from './messages.ts';

/** `sentiment` of hub.yaml: by what the feeling of posts is told beside the model that ships with the program. */
export const sentimentSchema = z.strictObject({
  /** A model behind HTTP; absent: none is asked. Its secret is the variable JIANSHENG_SENTIMENT_SECRET. */
  external: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: messages.notHttp }),
      /** One question waits no longer; then the shipped model answers. */
      timeoutSeconds: z.number().min(0.1).max(60).default(5),
      /** Texts in one question. */
      batch: z.number().int().min(1).max(256).default(64),
    })
    .optional(),
});
export type ExternalSentimentSettings = NonNullable<z.infer<typeof sentimentSchema>['external']>;

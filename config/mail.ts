import { z } from 'zod';

/** Where `security` says nothing else (RFC 8314, RFC 6409, RFC 5321). */
const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/** The server that takes the hub's mail. */
export const mailSchema = z
  .strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65535).optional(),
    /** `tls` from the first byte; `starttls` before anything of ours; `none` for a server in the same house. */
    security: z.enum(['tls', 'starttls', 'none']).default('tls'),
    /** Absent: the server wants nobody to sign in. */
    user: z.string().min(1).optional(),
    from: z.email(),
  })
  .transform((mail) => ({ ...mail, port: mail.port ?? PORTS[mail.security] }));
export type MailSettings = z.infer<typeof mailSchema>;

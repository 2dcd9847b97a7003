// A pupil's messages, newest first.
import type { SchoolKey, SubgraphContext } from '../../kernel/context.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { smsParts } from '../messaging/sms-parts.ts'
import { MessageChannel } from '../schema/enums.ts'
import { MESSAGES_MAX, type MessageArgs } from '../schema/inputs.ts'
import type { Message } from '../schema/types.ts'
import { messagesOfStudent } from '../store/loaders.ts'

export function messagesOf(
  context: SubgraphContext,
  { schoolId, id }: SchoolKey,
  { first, category }: MessageArgs,
): Promise<Message[]> {
  if (first < 1 || first > MESSAGES_MAX)
    throw new PlatformError('LIST_TOO_LONG', {
      message: `A pupil’s newest messages are 1 to ${MESSAGES_MAX}; ${first} were asked for.`,
      messageVi: `Mỗi học sinh trả về từ 1 đến ${MESSAGES_MAX} tin nhắn mới nhất; yêu cầu ${first}.`,
    })
  return context.loaders.of(messagesOfStudent).load({ schoolId, id, first, category: category ?? null })
}

export function partsOf({ channel, body }: Message): number | null {
  return channel === MessageChannel.SMS ? smsParts(body) : null
}

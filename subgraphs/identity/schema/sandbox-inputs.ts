// What a developer sends to get a sandbox.
import { Field, InputType } from 'type-graphql'

@InputType({ description: 'A sandbox as a developer asks for it (môi trường thử nghiệm).' })
export class CreateSandboxInput {
  @Field(() => String, { nullable: true, description: 'A name to tell it from the others, one line.' })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'A public key as a JWK, EC P-256 or Ed25519: tokens are then asked for with `private_key_jwt`. Without one a client secret is made and shown once.' })
  publicKey?: string | null
}

export interface Template {
  name: string;
  /** As `en_US`. */
  language: string;
  /** Its text with `{{1}}`, `{{2}}` for the variables. */
  body?: string;
  category?: 'utility' | 'marketing' | 'authentication';
  /** Labels of its quick replies. */
  buttons?: string[];
}

export interface NumberOptions {
  phoneNumberId?: string;
  /** The account that the number belongs to. */
  wabaId?: string;
  accessToken?: string;
  appSecret?: string;
  verifyToken?: string;
  /** The callback of the app, as it is set in its dashboard. */
  webhookUrl?: string;
  /** The number itself, digits. */
  phone?: string;
  name?: string;
  /** The approved ones. */
  templates?: Template[];
}

/** A business's number at the platform, with the credentials of the app that uses it. */
export class BusinessNumber {
  readonly id: string;
  readonly wabaId: string;
  readonly phone: string;
  readonly name: string;
  readonly accessToken: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly templates: Template[];
  /** The callback of the app, and the one that was set for this number alone. */
  appCallback: string | null = null;
  ownCallback: string | null = null;
  /** What `GET /<phone number id>?fields=` tells, beside the callbacks. */
  readonly facts: Record<string, unknown>;

  constructor(options: NumberOptions, ordinal: number) {
    const plain = ordinal === 0;
    this.id = options.phoneNumberId ?? String(106_540_352_242_922 + ordinal);
    this.wabaId = options.wabaId ?? '102290129340398';
    this.phone = options.phone ?? String(15_550_783_881 + ordinal);
    this.name = options.name ?? (plain ? 'Simulated Business' : `Simulated Business ${ordinal + 1}`);
    this.accessToken = options.accessToken ?? 'simulated-access-token';
    this.appSecret = options.appSecret ?? 'simulated-app-secret';
    this.verifyToken = options.verifyToken ?? 'simulated-verify-token';
    this.templates = options.templates ?? [];
    this.facts = {
      verified_name: this.name,
      display_phone_number: `+${this.phone}`,
      quality_rating: 'GREEN',
      code_verification_status: 'VERIFIED',
      platform_type: 'CLOUD_API',
      throughput: { level: 'STANDARD' },
      status: 'CONNECTED',
      name_status: 'APPROVED',
      messaging_limit_tier: 'TIER_1K',
      whatsapp_business_manager_messaging_limit: 'TIER_1K',
      account_mode: 'LIVE',
      is_official_business_account: false,
      is_pin_enabled: false,
      is_on_biz_app: false,
      health_status: { can_send_message: 'AVAILABLE', entities: [] },
    };
  }

  get metadata() {
    return { display_phone_number: this.phone, phone_number_id: this.id };
  }
}

/** A WhatsApp Business Account: whether the app hears of its numbers, and where. */
export interface BusinessAccount {
  id: string;
  subscribed: boolean;
  callback: string | null;
}

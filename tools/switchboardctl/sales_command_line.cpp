#include "tools/switchboardctl/sales_command_line.hpp"

#include <span>

#include "tools/switchboardctl/command_declaring.hpp"
#include "tools/switchboardctl/sales_commands.hpp"

namespace switchboard::ctl {
namespace {

struct field_option {
  const char* option;
  const char* field;
  const char* what;
};

constexpr field_option of_segments[] = {{"--name", "name", "As people see it"},
                                        {"--where", "condition", "A CEL condition over `customer`"},
                                        {"--note", "note", "For colleagues"}};
constexpr field_option of_campaigns[] = {
    {"--name", "name", "As people see it"},
    {"--sales-channel", "sales_channel", "The sales channel it belongs to"},
    {"--entry-codes", "entry_codes", "Entry codes, joined by commas"},
    {"--from", "from", "Its first moment, in milliseconds since 1970"},
    {"--until", "until", "Its last moment, in milliseconds since 1970"},
    {"--cost", "cost", "What it costs, in the smallest coin"},
    {"--currency", "currency", "CNY, USD, ..."},
    {"--note", "note", "For colleagues"}};
constexpr field_option of_sales_channels[] = {
    {"--name", "name", "As people see it"},
    {"--channels", "channels", "Channels that belong to it, joined by commas"},
    {"--entry-codes", "entry_codes", "Entry codes, joined by commas"},
    {"--cost", "cost", "What it costs, in the smallest coin"},
    {"--currency", "currency", "CNY, USD, ..."},
    {"--note", "note", "For colleagues"}};
constexpr field_option of_leads[] = {
    {"--title", "title", "What could be sold"},
    {"--stage", "stage", "One of lead_stages"},
    {"--value", "value", "What it may bring, in the smallest coin"},
    {"--currency", "currency", "CNY, USD, ..."},
    {"--owner", "owner", "The agent who follows it up"},
    {"--next-step", "next_step", "What is to be done next"},
    {"--next-at", "next_at", "When, in milliseconds since 1970"},
    {"--campaign", "campaign", "The campaign it came by"},
    {"--note", "note", "For colleagues"}};

template <class Order>
void declare_fields(CLI::App* sub, const std::shared_ptr<Order>& order,
                    std::span<const field_option> fields) {
  for (auto& f : fields) {
    sub->add_option_function<std::string>(
        f.option,
        [order, name = f.field](const std::string& text) {
          order->fields.emplace_back(name, text);
        },
        f.what);
  }
}

void declare_catalog(CLI::App& app, command_line& into, const char* command, const char* kind,
                     const char* what, std::span<const field_option> fields) {
  auto* all = app.add_subcommand(command, what);
  all->require_subcommand(1);
  auto* list = all->add_subcommand("list", "All of them");
  when_asked(list, into, [k = std::string(kind)](control_client& d) { return list_catalog(d, k); });
  auto change = [&](const char* verb, const char* does, bool writes) {
    auto* sub = all->add_subcommand(verb, does);
    auto order = std::make_shared<catalog_order>();
    order->kind = kind;
    order->verb = verb;
    sub->add_option("ID", order->id, "Its id")->required();
    if (writes) declare_fields(sub, order, fields);
    when_asked(sub, into, [order](control_client& d) { return change_catalog(d, *order); });
  };
  change("create", "A new one", true);
  change("update", "Changes what is given, leaves the rest", true);
  change("delete", "Takes it away", false);
}

}  // namespace

void declare_sales(CLI::App& app, command_line& into) {
  declare_catalog(app, into, "segment", "segment", "Groups of customers by a condition",
                  of_segments);
  declare_catalog(app, into, "campaign", "campaign", "Campaigns that customers come by",
                  of_campaigns);
  declare_catalog(app, into, "sales-channel", "sales_channel", "Ways customers come in",
                  of_sales_channels);

  auto* lead = app.add_subcommand("lead", "Possible sales of a customer");
  lead->require_subcommand(1);
  auto* list = lead->add_subcommand("list", "A customer's, newest first");
  auto whose = std::make_shared<std::string>();
  auto limit = std::make_shared<std::int64_t>(50);
  list->add_option("CUSTOMER", *whose, "The customer's id")->required();
  list->add_option("--limit", *limit, "At most so many [50]")->check(CLI::Range(1, 200));
  when_asked(list, into, [=](control_client& d) { return list_leads(d, *whose, *limit); });

  auto* create = lead->add_subcommand("create", "A new one, of a customer or a session");
  auto made = std::make_shared<lead_order>();
  auto* customer = create->add_option("--customer", made->customer, "The customer's id");
  create
      ->add_option("--session", made->session,
                   "The session: its id, the beginning of it, or its last characters")
      ->excludes(customer);
  declare_fields(create, made, of_leads);
  when_asked(create, into, [made](control_client& d) { return write_lead(d, *made); });

  auto* update = lead->add_subcommand("update", "Changes what is given, leaves the rest");
  auto changed = std::make_shared<lead_order>();
  update->add_option("CUSTOMER", changed->customer, "The customer's id")->required();
  update->add_option("LEAD", changed->lead, "The lead's id")->required();
  declare_fields(update, changed, of_leads);
  when_asked(update, into, [changed](control_client& d) { return write_lead(d, *changed); });
}

}  // namespace switchboard::ctl

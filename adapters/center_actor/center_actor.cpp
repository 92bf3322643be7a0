#include "adapters/center_actor/center_actor.hpp"

#include "adapters/center_actor/card_stamp.hpp"
#include "adapters/center_actor/center_packing.hpp"
#include "adapters/center_actor/recommend_gathering.hpp"
#include "runtime/hosting/hosted_actor.hpp"

namespace switchboard {
namespace {

using codec::packer;

std::string_view key_name(center::member_key k) {
  constexpr std::string_view names[] = {"member_id", "union_id", "phone", "email"};
  return names[static_cast<int>(k)];
}

member_finding finding(const center::member_record& r) {
  member_finding f{r.id, r.level, r.name, r.since, {}};
  packer p;
  p.map(static_cast<std::uint32_t>(r.attributes.size()));
  for (auto& [k, v] : r.attributes) field(p, k, v);
  f.attributes.bytes = p.take();
  return f;
}

/// {<name>: [...], age_ms}
template <class T, class Pack>
std::string packed_list(const char* name, const std::vector<T>& all, millis age, Pack pack) {
  packer p;
  p.map(2).str(name).array(static_cast<std::uint32_t>(all.size()));
  for (auto& one : all) pack(p, one);
  field(p, "age_ms", age.count());
  return p.take();
}

class center_body {
 public:
  static inline const char* name = "center";

  center_body(center_actor::pointer self, actor_probe& probe, const center_services& services,
              center::center_kind kind)
      : self_(self),
        services_(services),
        kind_(kind),
        probe_(services.probes.enrol(probe, actor_kind::adapter,
                                     "center:" + std::string(name_of(kind)))) {}

  center_actor::behavior_type make_behavior() {
    return {
        [this](const member_query& m) { on_member(m); },
        [this](const tag_query& m) { on_tags(m); },
        [this](const open_orders_query& m) { on_open_orders(m); },
        [this](const center_call& m) { on_call(m); },
        [this](send_message& m) { on_card(m); },
        [this](const status_request& m) { on_status(m); },
    };
  }

 private:
  center::center_client& client() { return *services_.client; }
  identification_actor asker() const {
    return caf::actor_cast<identification_actor>(self_->current_sender());
  }

  void on_member(const member_query& m) {
    client().find_member(
        {m.member_id, m.union_id, m.phone, m.email},
        [to = asker(), ticket = m.ticket](center::answered<center::member_lookup> found) {
          member_answer a{ticket, {}, {}};
          if (!found.value) {
            a.trouble = found.value.error().message;
          } else {
            if (found.value->member) a.member = finding(*found.value->member);
            for (auto& c : found.value->conflicts) {
              if (!a.trouble.empty()) a.trouble += "; ";
              a.trouble +=
                  std::string(key_name(c.key)) + " belongs to another member, " + c.member_id;
            }
          }
          caf::anon_send(to, std::move(a));
        });
  }

  void on_tags(const tag_query& m) {
    auto then = [to = asker(),
                 ticket = m.ticket](center::answered<std::vector<std::string>> found) {
      tag_answer a{ticket, {}, {}};
      if (found.value)
        a.tags = std::move(*found.value);
      else
        a.trouble = found.value.error().message;
      caf::anon_send(to, std::move(a));
    };
    if (m.member_id.empty())
      client().tags_of_identity(m.channel, m.customer, std::move(then));
    else
      client().tags_of_member(m.member_id, std::move(then));
  }

  void on_open_orders(const open_orders_query& m) {
    client().open_orders(m.member_id,
                         [to = asker(), ticket = m.ticket](center::answered<std::size_t> found) {
                           open_orders_answer a{ticket, 0, {}};
                           if (found.value)
                             a.count = static_cast<int>(*found.value);
                           else
                             a.trouble = found.value.error().message;
                           caf::anon_send(to, std::move(a));
                         });
  }

  void on_call(const center_call& m) {
    using method = center_call::method;
    if (m.what == method::product_search) return search(m);
    if (m.what == method::product_recommend) return recommend(m);
    if (m.what == method::order_get) return get_order(m);
    list_orders(m);
  }

  void search(const center_call& m) {
    client().search_products(
        m.text, m.limit,
        [to = m.reply](center::answered<std::vector<center::product_record>> found) {
          if (!found.value) return to.fail(0, found.value.error());
          to.ok(0, packed_list("products", *found.value, found.age, pack_product));
        });
  }

  void recommend(const center_call& m) {
    recommend_question q{m.text,       m.member_id, m.tags,
                         m.tags_known, m.shown,     static_cast<std::size_t>(m.limit)};
    recommend_gathering::start(
        services_.client, std::move(q),
        [to = m.reply](const std::vector<center::recommended>& all,
                       const std::vector<std::string>& missing) {
          packer p;
          p.map(2).str("products").array(static_cast<std::uint32_t>(all.size()));
          for (auto& one : all) pack_recommended(p, one);
          p.str("degraded").array(static_cast<std::uint32_t>(missing.size()));
          for (auto& one : missing) p.str(one);
          to.ok(0, p.take());
        });
  }

  static center::freshness wanted(const center_call& m) {
    return m.anew ? center::freshness::asked_anew : center::freshness::kept;
  }

  void get_order(const center_call& m) {
    client().find_order(
        m.id, wanted(m),
        [to = m.reply](center::answered<std::optional<center::order_record>> found) {
          if (!found.value) return to.fail(0, found.value.error());
          if (!*found.value)
            return to.fail(
                0, error{errc::not_found, "order_id: there is no such order", "order_id", {}, 0});
          packer p;
          p.map(2).str("order");
          pack_order(p, **found.value);
          field(p, "age_ms", found.age.count());
          to.ok(0, p.take());
        });
  }

  void list_orders(const center_call& m) {
    center::order_query q;
    q.most = m.limit;
    if (m.from) q.from = *m.from;
    if (m.to) q.to = *m.to;
    for (auto& name : m.states) {
      auto state = center::order_state_of(name);
      if (!state) {
        return m.reply.fail(0, error{errc::invalid_argument,
                                     "states: there is no state \"" + name + "\"",
                                     "states",
                                     {},
                                     0});
      }
      q.states.push_back(*state);
    }
    client().orders_of(m.member_id, q, wanted(m),
                       [to = m.reply](center::answered<std::vector<center::order_record>> found) {
                         if (!found.value) return to.fail(0, found.value.error());
                         to.ok(0, packed_list("orders", *found.value, found.age, pack_order));
                       });
  }

  void on_card(send_message& m) { stamp_card(services_.client, services_.directory, std::move(m)); }

  void on_status(const status_request& m) {
    packer p;
    pack_health(p, name_of(kind_), client().health(kind_));
    m.reply.ok(0, p.take());
  }

  center_actor::pointer self_;
  const center_services& services_;
  center::center_kind kind_;
  probe_registry::enrolment probe_;
};

}  // namespace

std::string_view name_of(center::center_kind kind) {
  constexpr std::string_view names[] = {"member", "tag", "product", "trade"};
  return names[static_cast<int>(kind)];
}

center_actor spawn_center(caf::actor_system& system, const center_services& services,
                          center::center_kind kind) {
  return system.spawn<hosted_actor<center_actor, center_body>>(std::cref(services), kind);
}

}  // namespace switchboard

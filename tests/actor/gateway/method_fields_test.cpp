#include "actors/access/rights.hpp"
#include "tests/actor/gateway/gateway_fixture.hpp"

/// The list of methods, row by row: who may call each, and what it says where a field is missing or
/// wrong. What a method reads is what its endpoint lists.
namespace switchboard::gateway_testing {
namespace {

using codec::wire_field;
using kind = wire_field::kind;

const session_id the_session{.shard = 3, .ulid = {1}};

/// What goes for a field; by name where not just anything of its kind does.
value good(const wire_field& f, bool file) {
  const auto session = the_session.text();
  static const std::map<std::string_view, value> named{
      {"session_id", text(session)},
      {"transfer_id", text(session + ".t1")},
      {"attachment_id", text(session + ".f0123456789abcdef")},
      {"customer", map({{"id", text("u1")}})},
      {"body", map({{"text", text("hello")}})},
      {"to", map({{"group", text("general")}})},
      {"message", map({{"client_msg_id", text("m")},
                       {"type", text("text")},
                       {"body", map({{"text", text("hello")}})}})},
      {"password", text("correct horse battery")},
      {"group", text("general")},
      {"agent", text("lin")},
      {"kind", text("session")},
  };
  if (f.name == "type") return text(file ? "image" : "text");
  // Of admin.sessions, where it may be left out.
  if (f.name == "state" && !f.required) return text("waiting");
  if (const auto at = named.find(f.name); at != named.end()) return at->second;
  switch (f.what) {
    case kind::text:
    case kind::session:
      return text("x");
    case kind::integer:
      return number(f.least);
    case kind::boolean:
      return flag(true);
    case kind::map:
      return map({});
    case kind::texts:
      return list({text("a"), text("b")});
    case kind::bytes:
      return bytes("x");
  }
  return {};
}

std::string expectation(kind k) {
  switch (k) {
    case kind::text:
    case kind::session:
      return "expected text";
    case kind::integer:
      return "expected an integer from ";
    case kind::boolean:
      return "expected true or false";
    case kind::map:
      return "expected a map";
    case kind::texts:
      return "expected an array";
    case kind::bytes:
      return "expected binary data";
  }
  return {};
}

struct too_much {
  value what;
  std::string said;
};
/// Values of the right kind and out of bounds.
std::vector<too_much> excesses(const wire_field& f) {
  std::vector<too_much> all;
  const auto longest = std::to_string(f.most);
  if (f.what == kind::text || f.what == kind::session)
    all.push_back({text(std::string(static_cast<std::size_t>(f.most) + 1, 'x')),
                   "longer than " + longest + " bytes"});
  if (f.what == kind::bytes)
    all.push_back({bytes(std::string(static_cast<std::size_t>(f.most) + 1, 'x')),
                   "longer than " + longest + " bytes"});
  if (f.what == kind::texts) {
    all.push_back({list({text("")}), "texts of 1 to " + longest + " bytes"});
    all.push_back({list({text(std::string(static_cast<std::size_t>(f.most) + 1, 'x'))}),
                   "texts of 1 to " + longest + " bytes"});
    all.push_back({list(std::vector<value>(65, text("x"))), "expected at most "});
  }
  if (f.what == kind::integer) {
    const auto range =
        "expected an integer from " + std::to_string(f.least) + " to " + std::to_string(f.most);
    all.push_back({number(f.least - 1), range});
    if (f.most < codec::largest_integer) all.push_back({number(f.most + 1), range});
  }
  if (f.required && f.what == kind::text) all.push_back({text(""), "must not be empty"});
  if (f.what == kind::session) all.push_back({text("nonsense"), "no session's id"});
  return all;
}

bool says(const outcome& o, const std::string& field, const std::string& what) {
  return o.refuses(field) && o.why->message.rfind(field + ": ", 0) == 0 &&
         o.why->message.find(what) != std::string::npos;
}

class the_methods : public a_gateway {
 protected:
  /// Of somebody who may call it.
  std::shared_ptr<kept_peer> caller_of(std::string_view method) {
    for (std::size_t r = 0; r < account_roles; ++r) {
      if (!rights::may_call(method, static_cast<account_role>(r))) continue;
      auto& line = lines_[r];
      if (!line) line = connect(static_cast<account_role>(r));
      return line;
    }
    ADD_FAILURE() << method << ": nobody may call it";
    return nullptr;
  }
  template <class Check> void for_each(Check check) {
    const auto methods = rights::methods();
    for (std::size_t i = 0; i < methods.size(); ++i) {
      SCOPED_TRACE(std::string(methods[i].name));
      codec::field_list list;
      endpoints::all()[i]->list(list);
      check(methods[i].name, list.fields);
    }
  }
  static params required_of(const std::vector<wire_field>& fields) {
    const auto has = [&](std::string_view name) {
      return std::ranges::find(fields, name, &wire_field::name) != fields.end();
    };
    params p;
    for (auto& f : fields) {
      // order.list takes one of two.
      if (f.required || (f.name == "session_id" && has("states")))
        p[std::string(f.name)] = good(f, has("size"));
    }
    return p;
  }

 private:
  std::shared_ptr<kept_peer> lines_[account_roles];
};

TEST_F(the_methods, let_in_the_roles_that_may_call_them_and_nobody_else) {
  std::shared_ptr<kept_peer> lines[account_roles];
  for (std::size_t r = 0; r < account_roles; ++r) lines[r] = connect(static_cast<account_role>(r));
  for_each([&](std::string_view method, auto&) {
    for (std::size_t r = 0; r < account_roles; ++r) {
      const auto role = static_cast<account_role>(r);
      // An op_id that is none is refused where calls are read, after rights.
      const auto said = call(lines[r], method);
      const bool refused = said.why && said.why->code == errc::permission_denied &&
                           said.why->message == std::string(method) + " is not for this role";
      EXPECT_EQ(refused, !rights::may_call(method, role)) << to_string(role) << said.refusal();
      EXPECT_TRUE(!refused || said.sent.empty());
    }
  });
}

TEST_F(the_methods, take_a_call_with_all_that_they_require) {
  for_each([&](std::string_view method, auto& fields) {
    const auto said = call(caller_of(method), method, required_of(fields));
    EXPECT_FALSE(said.why && said.why->code == errc::invalid_argument) << said.refusal();
    EXPECT_TRUE(said.why || said.packed || !said.sent.empty()) << "neither answered nor sent on";
  });
}

TEST_F(the_methods, name_the_field_that_is_missing) {
  for_each([&](std::string_view method, auto& fields) {
    for (auto& f : fields) {
      if (!f.required) continue;
      auto p = required_of(fields);
      p.erase(std::string(f.name));
      const auto said = call(caller_of(method), method, p);
      EXPECT_TRUE(says(said, std::string(f.name), "is required")) << said.refusal();
      EXPECT_TRUE(said.sent.empty());
    }
  });
}

TEST_F(the_methods, name_the_field_of_another_type_and_say_which_they_expect) {
  for_each([&](std::string_view method, auto& fields) {
    for (auto& f : fields) {
      auto p = required_of(fields);
      const bool takes_texts = f.what == kind::text || f.what == kind::session;
      p[std::string(f.name)] = takes_texts ? number(1) : text("x");
      const auto said = call(caller_of(method), method, p);
      EXPECT_TRUE(says(said, std::string(f.name), expectation(f.what)))
          << f.name << ": " << said.refusal();
      EXPECT_TRUE(said.sent.empty());
    }
  });
}

TEST_F(the_methods, name_the_field_that_is_out_of_bounds_and_the_bounds) {
  for_each([&](std::string_view method, auto& fields) {
    for (auto& f : fields) {
      for (auto& [what, expected] : excesses(f)) {
        auto p = required_of(fields);
        p[std::string(f.name)] = what;
        const auto said = call(caller_of(method), method, p);
        EXPECT_TRUE(says(said, std::string(f.name), expected))
            << f.name << ": " << said.refusal() << ", expected " << expected;
      }
    }
  });
}

TEST_F(the_methods, take_no_notice_of_fields_that_they_do_not_know) {
  for_each([&](std::string_view method, auto& fields) {
    auto p = required_of(fields);
    const auto without = call(caller_of(method), method, p);
    p["something_new"] = number(1);
    const auto with = call(caller_of(method), method, p);
    EXPECT_EQ(with.why, without.why);
    EXPECT_EQ(with.sent.size(), without.sent.size());
  });
}

TEST_F(the_methods, that_write_read_their_op_id_and_no_others_do) {
  const auto methods = rights::methods();
  for (auto& m : methods) {
    SCOPED_TRACE(std::string(m.name));
    const auto said = call(caller_of(m.name), m.name, {{"op_id", number(1)}});
    EXPECT_EQ(said.refuses("op_id"), m.does != store::work::reads) << said.refusal();
  }
}

}  // namespace
}  // namespace switchboard::gateway_testing

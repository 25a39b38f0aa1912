/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"

#include "ns3/ike-message.h"

#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

/// Octets that are no message.
class WireFault : public std::runtime_error
{
  public:
    explicit WireFault(const WireError& error)
        : std::runtime_error(error.text + " (at octet " + std::to_string(error.offset) + ")"),
          m_error(error)
    {
    }

    const WireError& Get() const
    {
        return m_error;
    }

  private:
    WireError m_error; ///< what, and where
};

/// The value, or an exception that says why there is none.
template <typename T>
T
Need(Parsed<T> parsed)
{
    if (!parsed)
    {
        throw WireFault(parsed.error);
    }
    return std::move(*parsed.value);
}

PyObject* g_wireError{nullptr}; ///< the class; lives as long as the interpreter

void
BindWireError(py::module_& m)
{
    g_wireError = PyErr_NewExceptionWithDoc("ns3ike.WireError",
                                            "Octets that are no message.",
                                            PyExc_ValueError,
                                            nullptr);
    m.add_object("WireError", g_wireError);
    py::register_exception_translator([](std::exception_ptr raised) {
        try
        {
            std::rethrow_exception(raised);
        }
        catch (const WireFault& fault)
        {
            py::object error = py::reinterpret_borrow<py::object>(g_wireError)(fault.what());
            error.attr("message") = fault.Get().text;
            error.attr("offset") = fault.Get().offset;
            PyErr_SetObject(g_wireError, error.ptr());
        }
    });
}

/// What all payloads can do beside their fields.
template <typename T>
void
AddPayloadMethods(py::class_<T>& type)
{
    type.def_property_readonly(
            "type",
            [](const T& p) { return TypeOf(Payload(p)); },
            "Payload type number.")
        .def(
            "encode_body",
            [](const T& p) { return WriteBody(Payload(p)); },
            "Octets without the generic header: the _b of RFC 2409.")
        .def("__str__", [](const T& p) { return Print(Payload(p)); });
}

void
BindSa(py::module_& m)
{
    ValueClass<Attribute>(m, "Attribute", "A data attribute (RFC 2408 3.3).")
        .Add("type", &Attribute::type, "Class, without the AF bit.")
        .Add("basic", &Attribute::basic, "AF bit: the value is two octets long.")
        .Add("value", &Attribute::value, "Octets; two when basic.")
        .Done()
        .def_static("number",
                    &Attribute::Number,
                    py::arg("type"),
                    py::arg("value"),
                    "A 32-bit number as a variable attribute (lifetimes).")
        .def_static("short",
                    &Attribute::Basic,
                    py::arg("type"),
                    py::arg("value"),
                    "A 16-bit number as a basic attribute.")
        .def("to_number", &Attribute::ToNumber, "The value; None when longer than 8 octets.");
    ValueClass<Transform>(m, "Transform", "A transform payload (RFC 2408 3.6).")
        .Add("number", &Transform::number, "1, 2, ... in the order of preference.")
        .Add("id", &Transform::id, "1 (KEY_IKE) in phase 1, else of the protocol.")
        .Add("reserved", &Transform::reserved, "RESERVED2.")
        .Add("attributes", &Transform::attributes, "In the order of the wire.")
        .Done()
        .def("find", &Transform::Find, py::arg("type"), "Value of the first attribute, or None.");
    ValueClass<Proposal>(m, "Proposal", "A proposal payload (RFC 2408 3.5).")
        .Add("number", &Proposal::number, "Equal numbers belong together.")
        .Add("protocol", &Proposal::protocol, "1 ISAKMP, 3 ESP (ProtocolId).")
        .Add("spi", &Proposal::spi, "Empty or 8 octets in phase 1, 4 for ESP.")
        .Add("transforms", &Proposal::transforms, "Alternatives.")
        .Done();
    AddPayloadMethods(ValueClass<SaPayload>(m, "Sa", "Security association (RFC 2408 3.4).")
                          .Add("proposals", &SaPayload::proposals, "In the order of the wire.")
                          .Add("doi", &SaPayload::doi, "Domain of interpretation; 1: IPsec.")
                          .Add("situation", &SaPayload::situation, "1: identity only.")
                          .Done());
}

void
BindPayloads(py::module_& m)
{
    AddPayloadMethods(ValueClass<KePayload>(m, "KeyExchange", "Key exchange (RFC 2408 3.7).")
                          .Add("data", &KePayload::data, "Public value.")
                          .Done());
    AddPayloadMethods(ValueClass<IdPayload>(m, "Identification", "Identity (RFC 2407 4.6.2).")
                          .Add("id_type", &IdPayload::type, "1: an IPv4 address (IdType).")
                          .Add("data", &IdPayload::data, "Four octets, or address and mask, ...")
                          .Add("protocol", &IdPayload::protocol, "Of IP; 0: any.")
                          .Add("port", &IdPayload::port, "0: any.")
                          .Done());
    AddPayloadMethods(
        ValueClass<CertificatePayload>(m, "Certificate", "Certificate (RFC 2408 3.9).")
            .Add("encoding", &CertificatePayload::encoding, "4: X.509 for signatures.")
            .Add("data", &CertificatePayload::data, "DER for X.509.")
            .Done());
    AddPayloadMethods(
        ValueClass<CertificateRequestPayload>(m, "CertificateRequest", "RFC 2408 3.10.")
            .Add("encoding", &CertificateRequestPayload::encoding, "4: X.509 for signatures.")
            .Add("authority", &CertificateRequestPayload::authority, "Name in DER; empty: any.")
            .Done());
    AddPayloadMethods(ValueClass<HashPayload>(m, "Hash", "Hash (RFC 2408 3.11).")
                          .Add("data", &HashPayload::data, "HASH_I, HASH_R, HASH(1..3).")
                          .Done());
    AddPayloadMethods(ValueClass<SignaturePayload>(m, "Signature", "Signature (RFC 2408 3.12).")
                          .Add("data", &SignaturePayload::data, "SIG_I, SIG_R.")
                          .Done());
    AddPayloadMethods(ValueClass<NoncePayload>(m, "Nonce", "Nonce (RFC 2408 3.13).")
                          .Add("data", &NoncePayload::data, "8 to 256 octets (RFC 2409 5).")
                          .Done());
    AddPayloadMethods(ValueClass<NotifyPayload>(m, "Notify", "Notification (RFC 2408 3.14).")
                          .Add("notify_type", &NotifyPayload::type, "What is said (NotifyType).")
                          .Add("protocol", &NotifyPayload::protocol, "Whose SPI (ProtocolId).")
                          .Add("spi", &NotifyPayload::spi, "Both cookies, or an ESP SPI, or none.")
                          .Add("data", &NotifyPayload::data, "Depends on the type.")
                          .Add("doi", &NotifyPayload::doi, "Domain of interpretation; 1: IPsec.")
                          .Done());
    AddPayloadMethods(ValueClass<DeletePayload>(m, "Delete", "Delete (RFC 2408 3.15).")
                          .Add("protocol", &DeletePayload::protocol, "Whose SPIs (ProtocolId).")
                          .Add("spi_size", &DeletePayload::spiSize, "16 for ISAKMP, 4 for ESP.")
                          .Add("spis", &DeletePayload::spis, "Of SAs that are gone.")
                          .Add("doi", &DeletePayload::doi, "Domain of interpretation; 1: IPsec.")
                          .Done());
    AddPayloadMethods(ValueClass<VendorIdPayload>(m, "VendorId", "Vendor ID (RFC 2408 3.16).")
                          .Add("data", &VendorIdPayload::data, "Opaque.")
                          .Done());
    auto& opaque =
        ValueClass<OpaquePayload>(m, "Opaque", "NAT-D, and every type that is not known.")
            .Add("type", &OpaquePayload::type, "Payload type number.")
            .Add("data", &OpaquePayload::data, "Body, without the generic header.")
            .Done();
    opaque
        .def(
            "encode_body",
            [](const OpaquePayload& p) { return WriteBody(Payload(p)); },
            "Octets without the generic header.")
        .def("__str__", [](const OpaquePayload& p) { return Print(Payload(p)); });
}

void
BindMessages(py::module_& m)
{
    ValueClass<Header>(m, "Header", "The ISAKMP header (RFC 2408 3.1), 28 octets.")
        .Add("initiator_cookie", &Header::initiatorCookie, "CKY-I, 8 octets.")
        .Add("responder_cookie", &Header::responderCookie, "CKY-R, 8 octets; 0 at first.")
        .Add("exchange", &Header::exchange, "2 main mode, 32 quick mode, ... (ExchangeType).")
        .Add("flags", &Header::flags, "1: encrypted.")
        .Add("message_id", &Header::messageId, "0 in phase 1.")
        .Add("version", &Header::version, "0x10: major in the high four bits.")
        .Add("next_payload", &Header::nextPayload, "Of the first payload; encode() sets it.")
        .Add("length", &Header::length, "Of the message in octets; encode() sets it.")
        .Done()
        .def_property_readonly("encrypted", &Header::IsEncrypted, "Is what follows encrypted?");
    ValueClass<Message>(m, "Message", "An ISAKMP message as values.")
        .Add("header", &Message::header, "length and next_payload are set by encode().")
        .Add("payloads", &Message::payloads, "In the order of the wire.")
        .Add("padding", &Message::padding, "Octets behind the last payload of a decrypted one.")
        .Done()
        .def("encode", &WriteMessage, "Octets, nothing encrypted.")
        .def("__str__", [](const Message& message) { return Print(message); })
        .def_property_readonly(
            "names",
            [](const Message& message) {
                return PrintPayloadNames(message.header, message.payloads);
            },
            "HDR, SA, VID as the RFCs write it.");
}

/// Octets of payloads and attributes, without what is around them.
void
BindFunctions(py::module_& m)
{
    m.def(
        "decode",
        [](const Octets& octets) { return Need(ReadMessage(octets)); },
        py::arg("octets"),
        "A message that is not encrypted.");
    m.def(
        "decode_header",
        [](const Octets& octets) { return Need(ReadHeader(octets)); },
        py::arg("octets"),
        "The header of any message; its length must be that of the octets.");
    m.def(
        "decode_payloads",
        [](const Header& header, const Octets& body) { return Need(ReadPayloads(header, body)); },
        py::arg("header"),
        py::arg("body"),
        "A message whose body was decrypted, padding included.");
    m.def(
        "encode_payloads",
        [](const std::vector<Payload>& payloads) { return WritePayloads(payloads); },
        py::arg("payloads"),
        "The chain alone.");
    m.def("encode_header_and_body",
          &WriteHeaderAndBody,
          py::arg("header"),
          py::arg("body"),
          "A message whose body is octets (encrypted ones); sets the length.");
    m.def("encode_attributes", &WriteAttributes, py::arg("attributes"), "Attributes alone.");
    m.def("decode_attributes",
          &ReadAttributes,
          py::arg("octets"),
          "The reverse; None when they are none.");
}

} // namespace

void
BindWire(py::module_& m)
{
    BindWireError(m);
    BindSa(m);
    BindPayloads(m);
    BindMessages(m);
    BindFunctions(m);
}

} // namespace bindings
} // namespace ike
} // namespace ns3
